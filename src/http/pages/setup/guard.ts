/**
 * Access control of set-up. Whoever reaches set-up can register an App of their own in our place, so:
 * - Everybody needs the token printed to the terminal. A request from loopback is no proof of being at this machine: a
 *   plain reverse proxy on it sends such requests as well, with a local Host name and without any header of a proxy.
 * - The token is valid once, because addresses end up in histories and logs. A strict cookie then lets its browser
 *   through, and another token is printed, for another browser.
 * - Where the server is bound to loopback, set-up answers to local names and to that of PUBLIC_URL only, so that no
 *   foreign page can rebind its own name to 127.0.0.1.
 * - GitHub's redirect crosses sites, so the strict cookie does not come with it. There the proof is the state, which
 *   only a browser gets that passed here.
 */
import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { withoutEndSlashes } from '../../../domain/text.ts'
import type { Clients } from '../../../ops/client-address.ts'
import { newSecret, sameSecret } from '../../secrets.ts'

const COOKIE = 'wasteland-setup'
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

type SetupAccess = 'open' | 'token' | 'closed' | 'foreign-host'

export interface SetupGuard {
  /** `token`: the right token came with this request, and the answer sets the cookie. */
  admit: (context: Context) => SetupAccess
  /** Whether the Host header names us; false for a rebound name. */
  knowsHost: (context: Context) => boolean
  /** Our address as the browser reaches it, without a slash at the end. */
  originOf: (context: Context) => string
}

export interface OneTimeToken {
  current(): string
  /** True for the current token, in whose place another one is made. */
  take(given: string | undefined): boolean
}

/** A token that is valid once. `used`: called with the next token each time one was taken. */
export function oneTimeToken(used: (next: string) => void = () => {}): OneTimeToken {
  const make = () => randomBytes(24).toString('base64url')
  let token = make()
  return {
    current: () => token,
    take(given) {
      if (!sameSecret(given, token)) return false
      token = make()
      used(token)
      return true
    },
  }
}

export interface GuardOptions {
  loopback: boolean
  publicUrl?: string
  token: OneTimeToken
  clients: Clients
}

export function setupGuard({ loopback, publicUrl, token, clients }: GuardOptions): SetupGuard {
  const session = newSecret()
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).hostname

  const knowsHost = (context: Context) => {
    const name = hostOf(context)?.hostname
    if (name === undefined) return false
    return !loopback || LOCAL_NAMES.has(name) || name === publicHost
  }

  const originOf = (context: Context) => {
    const host = hostOf(context)
    if (publicUrl !== undefined && host?.hostname === publicHost) return withoutEndSlashes(publicUrl)
    return `${clients.isHttps(context) ? 'https' : 'http'}://${host?.host ?? 'localhost'}`
  }

  return {
    knowsHost,
    originOf,
    admit(context) {
      if (!knowsHost(context)) return 'foreign-host'
      if (sameSecret(getCookie(context, COOKIE), session)) return 'open'
      // A request other than GET, by a program that only checks whether an address exists, must not use the token up.
      if (context.req.method !== 'GET' || !token.take(context.req.query('token'))) return 'closed'
      const secure = originOf(context).startsWith('https:')
      setCookie(context, COOKIE, session, { httpOnly: true, sameSite: 'Strict', secure, path: '/', maxAge: 3600 })
      return 'token'
    },
  }
}

function hostOf(context: Context): URL | undefined {
  const host = context.req.header('host') ?? ''
  if (!/^(\[[\da-f:]+\]|[a-z\d.-]+)(:\d{1,5})?$/i.test(host)) return undefined
  return URL.parse(`http://${host}`) ?? undefined
}
