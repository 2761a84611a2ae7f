import type { Context } from 'hono'
import { withoutEndSlashes } from '../domain/text.ts'

/** Where people reach us. */
export interface Site {
  /** As browsers give it in `Origin`. */
  originOf(context: Context): string
  /** What stands before each of our paths: PUBLIC_URL may have one of its own. */
  base: string
  /** Whether cookies travel by https only. */
  isSecure: boolean
}

/**
 * Without PUBLIC_URL we go by the name the browser used: a forged one leads to no other session than that name's own,
 * and GitHub sends people back only to addresses that the App has.
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

/** Where the pages of rigs are, for those who are told of one; without PUBLIC_URL nobody knows. */
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

/** The page to go on to after signing in: one of ours, whatever was asked for. */
export function knownPath(to: string | undefined): string {
  const [, room = '', name = '', ...more] = (to ?? '').split('/')
  const isOurs =
    to === `/${room}/${name}` &&
    more.length === 0 &&
    ((room === 'import' && (name === 'forget' || isJob(name))) || (room === 'rigs' && isHandle(name)))
  return isOurs ? to : '/import'
}
