/*
 * The host of a GitHub. Ids, hop_uri, reply markers and opt-outs hash the host, so it has one spelling: lower case,
 * without the default port of its protocol. github.com has no host here; a tenant of data residency is
 * `<tenant>.ghe.com`.
 */

const DEFAULT_PORTS: Readonly<Record<string, string>> = { https: ':443', http: ':80' }
const GITHUB_COM = new Set(['github.com', 'www.github.com', 'api.github.com'])

/** Normalizes a host; undefined for github.com. */
export function canonicalHost(written: string, protocol: string): string | undefined {
  const lower = written.toLowerCase()
  const port = DEFAULT_PORTS[protocol] ?? ''
  const bare = port !== '' && lower.endsWith(port) ? lower.slice(0, -port.length) : lower
  const host = bare.endsWith('.') ? bare.slice(0, -1) : bare
  if (GITHUB_COM.has(host)) return undefined
  return isTenant(host) && host.startsWith('api.') ? host.slice('api.'.length) : host
}

/** True for GitHub Enterprise Cloud with data residency, whose API is at `api.<tenant>.ghe.com`. */
export function isTenant(host: string): boolean {
  return host.toLowerCase().endsWith('.ghe.com')
}

/**
 * The address under which people see a GitHub; every link to it begins with this. `protocol` is the operator's
 * GHE_PROTOCOL; github.com has https alone.
 */
export function pagesOf(host: string, protocol: string): string {
  return `${GITHUB_COM.has(host) ? 'https' : protocol}://${host}`
}

/**
 * The same page of the GitHub at `pages`, however the address was written; undefined for an address that leads anywhere
 * else.
 */
export function pageAt(pages: string, address: string): URL | undefined {
  const [there, given] = [URL.parse(pages), URL.parse(address)]
  if (there === null || given?.host !== there.host || !/^https?:$/.test(given.protocol)) return undefined
  return new URL(`${there.origin}${given.pathname}${given.search}${given.hash}`)
}

/** The address of an account's picture up to its number; undefined where that is not known. */
export function picturesAt(host: string, pages: string): string | undefined {
  if (GITHUB_COM.has(host)) return 'https://avatars.githubusercontent.com/u/'
  return isTenant(host) ? undefined : `${pages}/avatars/u/`
}
