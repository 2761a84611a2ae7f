import { indexedRead } from './indexed-read.ts'

/** The facts about an item's posting in its commits. */
export interface PostingOrigin {
  /**
   * The repository that it was posted in; undefined for items of `wl`, of the operator, and from before it was stored.
   */
  repositoryId: number | undefined
  /** True when those who validate elsewhere may judge work on it. */
  opened: boolean
}

export const postingOf = indexedRead(
  ({ db, wasteland }, wanted: readonly string[]) =>
    db
      .selectFrom('items_posted')
      .select(['wanted_id', 'repository_id', 'opened'])
      .where('wasteland', '=', wasteland)
      .where('wanted_id', 'in', wanted),
  (rows, wanted) => {
    const found = new Map(rows.map((row) => [row.wanted_id, row]))
    return wanted.map((id): PostingOrigin => {
      const row = found.get(id)
      return { repositoryId: row?.repository_id ?? undefined, opened: row?.opened === true }
    })
  },
)
