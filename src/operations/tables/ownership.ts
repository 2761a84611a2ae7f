import type { EndedTie } from '../../domain/ties.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './ledger-index.ts'
import { batchedRead } from '../postgres/batched-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * Every tie of one owner that has ended. Must be called inside a transaction of the ledger, where the head stands
 * still.
 */
export async function endedTies(store: OperationsStore, ledger: Ledger): Promise<EndedTie[]> {
  await caughtUp(store, ledger)
  return everyEnded(store, 'all')
}

const everyEnded = batchedRead(async ({ db, wasteland }, asked: readonly 'all'[]) => {
  const rows = await settle(
    db.selectFrom('ended_ties').select(['one', 'other', 'ended_at']).where('wasteland', '=', wasteland).execute(),
  )
  const ties = rows.map(({ one, other, ended_at }): EndedTie => ({ one, other, endedAt: ended_at }))
  return asked.map(() => ties)
})

/** The time of the first claim or submission of an item, by anybody; undefined where the ledger has no such commit. */
export async function itemBegun(store: OperationsStore, ledger: Ledger, wanted: string): Promise<Date | undefined> {
  await caughtUp(store, ledger)
  return begunOf(store, wanted)
}

const begunOf = batchedRead(async ({ db, wasteland }, wanted: readonly string[]) => {
  const rows = await settle(
    db
      .selectFrom('items_begun')
      .select(['wanted_id', 'at'])
      .where('wasteland', '=', wasteland)
      .where('wanted_id', 'in', wanted)
      .execute(),
  )
  const found = new Map(rows.map(({ wanted_id, at }) => [wanted_id, at]))
  return wanted.map((id): Date | undefined => found.get(id))
})
