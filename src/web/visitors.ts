import { createHmac, hkdfSync } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { neighbourhood } from './site.ts'

const HOUR_MS = 3_600_000
const MOST_AN_HOUR = 5
const MOST_A_DAY = 20
/** Addresses remembered; the one that asked longest ago goes first. */
const MOST_VISITORS = 20_000

export interface Visitors {
  /** An HMAC of where the request comes from: no address is kept. */
  of(context: Context): string
  /** Counts one import; or says how many seconds to wait, and counts none. */
  admit(visitor: string): { wait: number } | undefined
}

/** `behindProxy`: PUBLIC_URL is set, so what comes from a near address was handed on by a proxy. */
export function createVisitors(key: Buffer, now: () => Date, behindProxy: boolean): Visitors {
  const own = Buffer.from(hkdfSync('sha256', key, '', 'visitors of open imports', 32))
  const asked = new Map<string, number[]>()
  return {
    of(context) {
      const address = neighbourhood(addressOf(context, behindProxy))
      return createHmac('sha256', own).update(address).digest('hex')
    },
    admit(visitor) {
      const at = now().getTime()
      const today = (asked.get(visitor) ?? []).filter((time) => time > at - 24 * HOUR_MS)
      const until = Math.max(
        (today.at(-MOST_AN_HOUR) ?? -Infinity) + HOUR_MS,
        (today.at(-MOST_A_DAY) ?? -Infinity) + 24 * HOUR_MS,
      )
      if (until > at) return { wait: Math.ceil((until - at) / 1000) }
      asked.delete(visitor)
      asked.set(visitor, [...today, at])
      const oldest = asked.keys().next().value
      if (asked.size > MOST_VISITORS && oldest !== undefined) asked.delete(oldest)
      return undefined
    },
  }
}

const NEAR = new BlockList()
NEAR.addSubnet('127.0.0.0', 8)
NEAR.addSubnet('10.0.0.0', 8)
NEAR.addSubnet('172.16.0.0', 12)
NEAR.addSubnet('192.168.0.0', 16)
NEAR.addAddress('::1', 'ipv6')
NEAR.addSubnet('fc00::', 7, 'ipv6')

/**
 * The socket's other end. X-Forwarded-For counts only behind a proxy of our own, which has a private address, and then
 * only its last entry: that one the proxy wrote, those before it anybody may have made up.
 */
function addressOf(context: Context, behindProxy: boolean): string {
  const address = (getConnInfo(context).remote.address ?? '').replace(/^::ffff:/i, '')
  const last = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  const isNear = isIP(address) !== 0 && NEAR.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return behindProxy && isNear && isIP(last) !== 0 ? last : address
}
