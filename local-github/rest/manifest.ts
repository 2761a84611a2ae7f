import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { createApp } from '../github-app.ts'
import { presentApp } from '../present/account.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { World } from '../world.ts'
import { made, text, type Route } from './ask.ts'

const manifest = z.object({
  name: z.string().optional(),
  url: z.url(),
  hook_attributes: z.object({ url: z.url(), active: z.boolean().optional() }).optional(),
  redirect_url: z.url().optional(),
  callback_urls: z.array(z.url()).default([]),
  public: z.boolean().optional(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).default({}),
  default_events: z.array(z.string()).default([]),
})
type Manifest = z.infer<typeof manifest>

/** Manifests that were confirmed and are not exchanged yet, by world and code. */
const confirmed = new WeakMap<World, Map<string, { manifest: Manifest; owner: string }>>()

/** Takes the posted form; returns the address to send the browser back to. */
export function confirmManifest(world: World, json: string, owner: string, state: string | null): URL {
  const parsed = manifest.safeParse(parse(json))
  if (!parsed.success) throw new Refusal(422, z.prettifyError(parsed.error))
  if (!parsed.data.redirect_url) throw new Refusal(422, 'redirect_url is missing')
  const code = randomBytes(20).toString('hex')
  const codes = confirmed.get(world) ?? new Map<string, { manifest: Manifest; owner: string }>()
  confirmed.set(world, codes.set(code, { manifest: parsed.data, owner }))
  const back = new URL(parsed.data.redirect_url)
  back.searchParams.set('code', code)
  if (state !== null) back.searchParams.set('state', state)
  return back
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

export const manifestRoutes: Route[] = [
  {
    method: 'POST',
    template: '/app-manifests/{code}/conversions',
    // A code works once. The new App replaces the one there was.
    answer(ask) {
      const { world, courier } = ask
      const codes = confirmed.get(world)
      const found = codes?.get(text(ask, 'code'))
      if (!found) throw notFound()
      codes?.delete(text(ask, 'code'))
      const { name, hook_attributes: hook, callback_urls: callbackUrls } = found.manifest
      const { default_permissions: permissions, default_events: events } = found.manifest
      world.installations.clear()
      world.app = createApp(world, { ...(name ? { name } : {}), owner: found.owner, permissions, events, callbackUrls })
      courier.hookUrl = hook?.url ?? null
      const { clientId, clientSecret, webhookSecret, privateKey } = world.app
      return made({
        ...presentApp(world),
        client_id: clientId,
        client_secret: clientSecret,
        webhook_secret: webhookSecret,
        pem: privateKey,
      })
    },
  },
]
