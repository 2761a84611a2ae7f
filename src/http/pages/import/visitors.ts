import { createHmac, hkdfSync } from 'node:crypto'
import type { Context } from 'hono'
import type { Clients } from '../../../ops/client-address.ts'

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

export function createVisitors(key: Buffer, now: () => Date, clients: Clients): Visitors {
  const own = Buffer.from(hkdfSync('sha256', key, '', 'visitors of open imports', 32))
  const asked = new Map<string, number[]>()
  return {
    of(context) {
      return createHmac('sha256', own).update(clients.networkOf(context)).digest('hex')
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
