import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The repository in which reverts were seen. */
interface RepositoryKey {
  host: string
  repository_id: number
}

/** A pull request or commit that reverts: `pull_request/<id>` and its number, or `commit/<sha>`. */
interface RevertingCommit {
  reverting: string
  number: number | null
}

/** `revert` is the first of a chain of reverts of reverts. */
export interface SeenRevert extends RevertingCommit {
  revert: string
}

/** Stores the reverted keys. Idempotent. */
export async function noteSeenReverts(
  { db, wasteland }: OperationsStore,
  at: RepositoryKey,
  revert: RevertingCommit,
  reverted: readonly string[],
): Promise<void> {
  if (reverted.length === 0) return
  const rows = reverted.map((key) => ({ wasteland, ...at, ...revert, reverted: key }))
  await settle(
    db
      .insertInto('seen_reverts')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Drops of one that reverts all but these keys. */
export async function keepSeenReverts(
  { db, wasteland }: OperationsStore,
  { host, repository_id }: RepositoryKey,
  reverting: string,
  reverted: readonly string[],
): Promise<void> {
  let query = db
    .deleteFrom('seen_reverts')
    .where('wasteland', '=', wasteland)
    .where('host', '=', host)
    .where('repository_id', '=', repository_id)
    .where('reverting', '=', reverting)
  if (reverted.length > 0) query = query.where('reverted', 'not in', reverted)
  await settle(query.execute())
}

/** Everything that reverts anything in a repository. */
export async function revertingIn(
  { db, wasteland }: OperationsStore,
  { host, repository_id }: RepositoryKey,
): Promise<RevertingCommit[]> {
  return settle(
    db
      .selectFrom('seen_reverts')
      .select(['reverting', 'number'])
      .distinct()
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', repository_id)
      .orderBy('number')
      .orderBy('reverting')
      .execute(),
  )
}

/** The reverts of any of these, the reverts of those, and so on. */
export async function seenRevertsOf(
  { db, wasteland }: OperationsStore,
  { host, repository_id }: RepositoryKey,
  reverted: readonly string[],
): Promise<SeenRevert[]> {
  return settle(
    db
      .withRecursive('chain', (with_) =>
        with_
          .selectFrom('seen_reverts')
          .select(['reverting', 'number', 'reverting as revert'])
          .where('wasteland', '=', wasteland)
          .where('host', '=', host)
          .where('repository_id', '=', repository_id)
          .where('reverted', 'in', reverted)
          .union(
            with_
              .selectFrom('seen_reverts as next')
              .innerJoin('chain', 'chain.reverting', 'next.reverted')
              .select(['next.reverting', 'next.number', 'chain.revert'])
              .where('next.wasteland', '=', wasteland)
              .where('next.host', '=', host)
              .where('next.repository_id', '=', repository_id),
          ),
      )
      .selectFrom('chain')
      .select(['reverting', 'number', 'revert'])
      .orderBy('number')
      .orderBy('reverting')
      .execute(),
  )
}
