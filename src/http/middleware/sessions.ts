/**
 * Sessions of people who are signed in. A session is stored encrypted in the cookie of the browser (AES-256-GCM, a
 * separate key for each use), so that nothing of anybody is kept here and every replica can read it. It ends after half
 * an hour or by signing out. GitHub's token is in it; nobody but us can take that out, and it is valid for at most
 * eight hours.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { z } from 'zod'
import type { SignedIn } from '../../github/sign-in.ts'
import { createSafe } from '../../imports/sealed.ts'
import { newSecret, sameSecret } from '../secrets.ts'
import type { Site } from '../site.ts'

const SESSION = { name: 'wasteland-session', seconds: 30 * 60 }
/** The cookie of a sign-in that is under way. GitHub's code is valid for ten minutes. */
const DEPARTURE = { name: 'wasteland-sign-in', seconds: 10 * 60 }
/** The cookie of a visitor who is not signed in: their forms are bound to it. */
const VISIT = { name: 'wasteland-visit', seconds: 24 * 60 * 60 }
const NONCE = /^[\w-]{43}$/

const Session = z.object({
  person: z.object({
    id: z.int().positive(),
    login: z.string(),
    type: z.enum(['User', 'Bot', 'Organization', 'Mannequin', 'Other']),
  }),
  token: z.string(),
  nonce: z.string(),
  until: z.number(),
})
export type Session = z.output<typeof Session>

/** A sign-in that is under way: GitHub's redirect must come with this `state`, in the same browser. */
const Departure = z.object({ state: z.string(), verifier: z.string(), to: z.string(), until: z.number() })
export type Departure = Omit<z.output<typeof Departure>, 'until'>

export interface Sessions {
  of(context: Context): Session | undefined
  start(context: Context, signedIn: SignedIn): void
  end(context: Context): void
  /** Stores a sign-in in the browser that goes to GitHub. */
  depart(context: Context, departure: Departure): void
  /** The sign-in that an answer of GitHub's belongs to, once. */
  arrive(context: Context, state: string | undefined): Departure | undefined
  /** The CSRF token for the forms of a page: valid only with this session, or this browser's visit. */
  formToken(context: Context): string
  isOwnForm(context: Context, token: unknown): boolean
}

export function createSessions(key: Buffer, site: Site, now: () => Date): Sessions {
  const safes = { session: createSafe(key, 'session'), departure: createSafe(key, 'departure to GitHub') }
  const formKey = Buffer.from(hkdfSync('sha256', key, '', 'forms', 32))
  const jar = cookieJar(site)
  const until = (seconds: number) => now().getTime() + seconds * 1000
  const isOver = (time: number) => time <= now().getTime()
  const tokenOf = (nonce: string) => createHmac('sha256', formKey).update(nonce).digest('base64url')

  const of = (context: Context) => {
    const session = read(Session, safes.session.open(jar.get(context, SESSION.name) ?? ''))
    return session === undefined || isOver(session.until) ? undefined : session
  }
  const visit = (context: Context) => jar.get(context, VISIT.name)?.match(NONCE)?.[0]

  return {
    of,
    start(context, { person, token }) {
      const { id, login, type } = person
      const session: Session = {
        person: { id, login, type },
        token,
        nonce: newSecret(),
        until: until(SESSION.seconds),
      }
      jar.set(context, SESSION, safes.session.seal(JSON.stringify(session)))
    },
    end: (context) => jar.drop(context, SESSION.name),
    depart(context, departure) {
      const sealed = safes.departure.seal(JSON.stringify({ ...departure, until: until(DEPARTURE.seconds) }))
      jar.set(context, DEPARTURE, sealed)
    },
    arrive(context, state) {
      const departure = read(Departure, safes.departure.open(jar.get(context, DEPARTURE.name) ?? ''))
      if (departure === undefined || isOver(departure.until) || !sameSecret(state, departure.state)) return undefined
      jar.drop(context, DEPARTURE.name)
      return departure
    },
    formToken(context) {
      const nonce = of(context)?.nonce ?? visit(context)
      if (nonce !== undefined) return tokenOf(nonce)
      const made = newSecret()
      jar.set(context, VISIT, made)
      return tokenOf(made)
    },
    isOwnForm(context, token) {
      const nonce = of(context)?.nonce ?? visit(context)
      return nonce !== undefined && sameSecret(typeof token === 'string' ? token : undefined, tokenOf(nonce))
    },
  }
}

function read<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data
}

/**
 * Cookies with SameSite=Lax, because GitHub's redirect crosses sites. With https they are bound to this host alone
 * (`__Host-`).
 */
function cookieJar({ isSecure }: Site) {
  const prefix = isSecure ? ({ prefix: 'host' } as const) : {}
  const base: CookieOptions = { ...prefix, httpOnly: true, sameSite: 'Lax', secure: isSecure, path: '/' }
  return {
    get: (context: Context, name: string) => (isSecure ? getCookie(context, name, 'host') : getCookie(context, name)),
    set(context: Context, { name, seconds }: { name: string; seconds: number }, value: string) {
      setCookie(context, name, value, { ...base, maxAge: seconds })
    },
    drop(context: Context, name: string) {
      deleteCookie(context, name, base)
    },
  }
}
