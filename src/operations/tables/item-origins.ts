import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './ledger-index.ts'
import { batchedRead } from '../postgres/batched-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** What the commits of an item tell of its posting. */
export interface PostingOrigin {
  /** Of the repository that it was posted in; undefined of `wl`'s, the operator's, and those posted before it was kept. */
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
