/**
 * The client's IP address of a request: one function for every rate limit, budget and page.
 *
 * It is the other end of the socket, unless that is a reverse proxy which TRUST_PROXY names. Then `X-Forwarded-For` is
 * read from its end: each proxy appends the address it was called from, so anything before the entry of the last
 * trusted proxy may be forged. `Forwarded`, `X-Real-IP` and the like are never read.
 */
import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { UserError } from '../domain/errors.ts'

/** Whether the address that is this many hops from us (0: the other end of the socket) is a proxy of the operator's. */
export type TrustedProxies = (address: string, hop: number) => boolean

export interface Clients {
  /** The address without a port or the `::ffff:` prefix; empty where the socket has none any more. */
  addressOf(context: Context): string
  /** The key of rate limits: an IPv4 address, or an IPv6 /64. */
  networkOf(context: Context): string
  /** Whether the client came by https, as far as we or a trusted proxy can say. */
  isHttps(context: Context): boolean
}

/** Reads TRUST_PROXY: a number of proxies, or their addresses and CIDR ranges. Throws UserError. */
export function readTrustedProxies(text: string): TrustedProxies {
  if (/^\d$/.test(text.trim())) return (_, hop) => hop < Number(text)
  const list = new BlockList()
  for (const entry of text.split(',')) addEntry(list, entry.trim())
  return (address) => isIP(address) !== 0 && list.check(address, family(address))
}

export const trustNobody: TrustedProxies = () => false

/** `ignored` is called once, when a request has `X-Forwarded-For` but did not come from a trusted proxy. */
export function createClients(isTrusted: TrustedProxies, ignored: () => void = () => {}): Clients {
  let hasIgnored = false
  const addressOf = (context: Context) => {
    const socket = socketAddress(context)
    const header = context.req.header('x-forwarded-for')
    if (header === undefined) return socket
    if (isTrusted(socket, 0)) return lastUntrusted(socket, header, isTrusted)
    if (!hasIgnored) ignored()
    hasIgnored = true
    return socket
  }
  return {
    addressOf,
    networkOf: (context) => networkOf(addressOf(context)),
    isHttps(context) {
      const protocol = context.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase()
      if (protocol !== undefined && isTrusted(socketAddress(context), 0)) return protocol === 'https'
      return context.req.url.startsWith('https:')
    },
  }
}

/** An IPv4 address, or the /64 of an IPv6 address, which a household or a server has as a whole. */
export function networkOf(address: string): string {
  const plain = bare(address)
  if (isIP(plain) !== 6) return plain
  const [head = '', tail] = plain.split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/**
 * The address before the trusted proxies, read from the last entry to the first. An entry that is no address ends it.
 */
function lastUntrusted(socket: string, header: string, isTrusted: TrustedProxies): string {
  let client = socket
  const entries = header.split(',').toReversed()
  for (const [hop, entry] of entries.entries()) {
    const address = withoutPort(entry.trim())
    if (isIP(address) === 0) return client
    client = address
    if (!isTrusted(address, hop + 1)) return client
  }
  return client
}

function socketAddress(context: Context): string {
  // A test that calls the app without a server has no socket.
  const env = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return bare(env?.incoming?.socket?.remoteAddress ?? '')
}

/** `203.0.113.9:4711` and `[2001:db8::1]:4711`, as some proxies write them. */
function withoutPort(entry: string): string {
  const found = /^\[([\da-f:.]{2,45})\](?::\d{1,5})?$/i.exec(entry) ?? /^([\d.]{7,15}):\d{1,5}$/.exec(entry)
  return bare(found?.[1] ?? entry)
}

function bare(address: string): string {
  return /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', bits, ...more] = entry.split('/')
  const most = isIP(address) === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && prefix <= most)
  if (isIP(address) === 0 || more.length > 0 || !isPrefix) {
    throw new UserError('expected a number of proxies, or addresses and ranges such as 10.0.0.0/8,::1')
  }
  list.addSubnet(address, prefix, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
