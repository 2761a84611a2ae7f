import type { Context } from 'hono'
import { withoutEndSlashes } from '../domain/text.ts'

/** The address at which people reach the bridge. */
export interface Site {
  /** Our origin, as browsers send it in `Origin`. */
  originOf(context: Context): string
  /** The prefix of each of our paths: that of PUBLIC_URL. */
  base: string
  /** True where cookies are sent by https only. */
  isSecure: boolean
}

/**
 * The site at PUBLIC_URL. Without that, the Host header of the browser counts: a forged one leads to no other session
 * than that name's own, and GitHub sends people back only to addresses that the App has.
 */
export function siteAt(publicUrl: string | undefined): Site {
  const url = publicUrl === undefined ? undefined : new URL(publicUrl)
  return {
    originOf: (context) => url?.origin ?? `http://${context.req.header('host') ?? 'localhost'}`,
    base: withoutEndSlashes(url?.pathname ?? ''),
    isSecure: url?.protocol === 'https:',
  }
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const HANDLE = /^[a-z\d][a-z\d_-]{0,63}$/

/** The addresses of the pages of rigs, for replies; undefined without PUBLIC_URL. */
export function rigPages(publicUrl: string | undefined): (handle: string) => string | undefined {
  return (handle) => {
    const name = handle.toLowerCase()
    return publicUrl === undefined || !isHandle(name) ? undefined : `${withoutEndSlashes(publicUrl)}/rigs/${name}`
  }
}

export function isJob(text: string): boolean {
  return UUID.test(text)
}

export function isHandle(text: string): boolean {
  return HANDLE.test(text)
}

/** The page to go on to after signing in: one of ours, whatever was requested. */
export function knownPath(to: string | undefined): string {
  const [, room = '', name = '', ...more] = (to ?? '').split('/')
  const isOurs =
    to === `/${room}/${name}` &&
    more.length === 0 &&
    ((room === 'import' && (name === 'forget' || isJob(name))) || (room === 'rigs' && isHandle(name)))
  return isOurs ? to : '/import'
}
