import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './ledger-index.ts'
import { batchedRead } from '../postgres/batched-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The facts about an item's posting in its commits. */
export interface PostingOrigin {
  /**
   * The repository that it was posted in; undefined for items of `wl`, of the operator, and from before it was stored.
   */
  repositoryId: number | undefined
  /** True when those who validate elsewhere may judge work on it. */
  opened: boolean
}

export async function postingOf(store: OperationsStore, ledger: Ledger, wanted: string): Promise<PostingOrigin> {
  await caughtUp(store, ledger)
  return ofItem(store, wanted)
}

const ofItem = batchedRead(async ({ db, wasteland }, wanted: readonly string[]) => {
  const rows = await settle(
    db
      .selectFrom('items_posted')
      .select(['wanted_id', 'repository_id', 'opened'])
      .where('wasteland', '=', wasteland)
      .where('wanted_id', 'in', wanted)
      .execute(),
  )
  const found = new Map(rows.map((row) => [row.wanted_id, row]))
  return wanted.map((id): PostingOrigin => {
    const row = found.get(id)
    return { repositoryId: row?.repository_id ?? undefined, opened: row?.opened === true }
  })
})
