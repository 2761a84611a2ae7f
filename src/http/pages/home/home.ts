import type { Context } from 'hono'
import { page, type Shell } from '../../page.ts'
import { homePage } from './views.ts'

/** What this is, and where to go; it answers before any store is up. */
export const home = page({
  path: '/',
  needs: 'nothing',
  get: (shell, context) => showHome(shell, context),
})

/** @param fault of the form that asks for a rig */
export async function showHome({ site, host, wastelandName }: Shell, context: Context, fault?: string) {
  const view = homePage({ base: site().base, host, name: await wastelandName(), fault })
  return context.render(view, fault === undefined ? 200 : 400)
}
