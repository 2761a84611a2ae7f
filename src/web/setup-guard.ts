/**
 * Who may see set-up. Whoever reaches it can register an App of their own in our place, so:
 * - Straight from this machine (bound to loopback, a local Host name, no sign of a proxy): open. The Host
 *   check keeps a foreign page out that rebinds its own name to 127.0.0.1.
 * - Anybody else needs the token printed to the terminal, once; a strict cookie carries them on.
 * - GitHub's redirect crosses sites, so the strict cookie does not come with it: there the state, given
 *   only to who passed here, is the proof.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const COOKIE = 'wasteland-setup'
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

type Admission = 'open' | 'token' | 'closed' | 'foreign-host'

export interface SetupGuard {
  /** `token`: the right token came with this request, and the cookie is on its way. */
  admit: (context: Context) => Admission
  /** Whether the Host header names us; false for a rebound name. */
  knowsHost: (context: Context) => boolean
  /** Where the browser reaches us, without a slash at the end. */
  originOf: (context: Context) => string
}

export function setupGuard(options: { loopback: boolean; publicUrl?: string; token?: string }): SetupGuard {
  const session = randomBytes(32).toString('base64url')
  const publicHost = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).hostname
  // With a public name a proxy stands before us, and what comes from it looks local.
  const trustsLocal = options.loopback && (publicHost === undefined || LOCAL_NAMES.has(publicHost))

  const knowsHost = (context: Context) => {
    const name = hostOf(context)?.hostname
    if (name === undefined) return false
    return !options.loopback || LOCAL_NAMES.has(name) || name === publicHost
  }

  return {
    knowsHost,
    admit(context) {
      if (!knowsHost(context)) return 'foreign-host'
      if (trustsLocal && !cameThroughProxy(context)) return 'open'
      if (sameSecret(getCookie(context, COOKIE), session)) return 'open'
      if (!sameSecret(context.req.query('token'), options.token)) return 'closed'
      const secure = scheme(context) === 'https'
      setCookie(context, COOKIE, session, { httpOnly: true, sameSite: 'Strict', secure, path: '/', maxAge: 3600 })
      return 'token'
    },
    originOf(context) {
      const host = hostOf(context)
      if (options.publicUrl !== undefined && host?.hostname === publicHost) return options.publicUrl.replace(/\/+$/, '')
      return `${scheme(context)}://${host?.host ?? 'localhost'}`
    },
  }
}

/** Compares in constant time; false when either is missing. */
export function sameSecret(given: string | undefined, expected: string | undefined): boolean {
  if (given === undefined || expected === undefined || expected === '') return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function hostOf(context: Context): URL | undefined {
  const host = context.req.header('host') ?? ''
  if (!/^(\[[\da-f:]+\]|[a-z\d.-]+)(:\d{1,5})?$/i.test(host)) return undefined
  return URL.parse(`http://${host}`) ?? undefined
}

function cameThroughProxy(context: Context): boolean {
  return PROXY_HEADERS.some((name) => context.req.header(name) !== undefined)
}

function scheme(context: Context): 'http' | 'https' {
  if (context.req.header('x-forwarded-proto')?.startsWith('https') === true) return 'https'
  return context.req.url.startsWith('https:') ? 'https' : 'http'
}
