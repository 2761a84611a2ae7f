import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './index-catch-up.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** Promotions within a week of each other decide who is on whose side. */
const WINDOW_MS = 7 * 86_400_000

/** A change of trust by a GitHub account; the operator's are not stored. */
export interface KeptTrustChange {
  byId: number
  rig: string
  before: number
  after: number
  at: Date
}

/** The changes of a week before and after. */
export async function trustChangesAround(store: OperationsStore, ledger: Ledger, at: Date): Promise<KeptTrustChange[]> {
  await caughtUp(store, ledger)
  const rows = await settle(
    store.db
      .selectFrom('trust_changes')
      .select(['by_id', 'rig', 'level_before', 'level_after', 'at'])
      .where('wasteland', '=', store.wasteland)
      .where('by_id', 'is not', null)
      .where('at', '>', new Date(at.getTime() - WINDOW_MS))
      .where('at', '<', new Date(at.getTime() + WINDOW_MS))
      .orderBy('at')
      .orderBy('hash')
      .execute(),
  )
  return rows.map((row) => ({
    byId: Number(row.by_id),
    rig: row.rig,
    before: row.level_before,
    after: row.level_after,
    at: row.at,
  }))
}
