import { createHmac, hkdfSync } from 'node:crypto'
import type { Context } from 'hono'
import type { OperationsStore } from '../../../operations/schema.ts'
import { takeVisitorImport } from '../../../operations/tables/visitor-imports.ts'
import type { Clients } from '../../../ops/client-address.ts'

export interface Visitors {
  /** An HMAC of the network that the request comes from: no address is kept. */
  of(context: Context): string
  /**
   * Counts one import. Over the limit, gives the number of seconds to wait, and counts none. Throws Unavailable without
   * the store.
   */
  admit(visitor: string): Promise<{ wait: number } | undefined>
}

export function createVisitors(key: Buffer, store: OperationsStore, now: () => Date, clients: Clients): Visitors {
  const own = Buffer.from(hkdfSync('sha256', key, '', 'visitors of open imports', 32))
  return {
    of(context) {
      return createHmac('sha256', own).update(clients.networkOf(context)).digest('hex')
    },
    async admit(visitor) {
      const at = now()
      const next = await takeVisitorImport(store, visitor, at)
      return next && { wait: Math.max(1, Math.ceil((next.getTime() - at.getTime()) / 1000)) }
    },
  }
}
