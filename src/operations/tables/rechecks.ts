import { sql } from 'kysely'
import type { PullRequestPlace } from './pull-request-items.ts'
import { dropOlder } from './drop-older.ts'
import { joinedRead } from '../postgres/joined-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/*
 * Pull requests and posted issues that must be fetched again, because GitHub refused to tell a fact that decides. A row
 * is no job: a job that waits for a person to fix a permission would stand in the queue for weeks, and a refresh that
 * another event causes is as good.
 */

const FIRST_MS = 3 * 60_000
const LONGEST_MS = 6 * 3_600_000

/** Schedules a recheck with exponential backoff, up to six hours. */
export async function noteRecheck(
  { db, wasteland }: OperationsStore,
  host: string,
  { installation_id, repository_id, owner, repo, number }: PullRequestPlace,
  now: Date,
): Promise<void> {
  const known = await find({ db, wasteland }, host, { repository_id, number })
  const tries = known === undefined ? 0 : known.tries + 1
  const due_at = new Date(now.getTime() + Math.min(FIRST_MS * 2 ** Math.min(tries, 10), LONGEST_MS))
  const place = { installation_id, owner, repo, tries, due_at }
  await settle(
    db
      .insertInto('rechecks')
      .values({ wasteland, host, repository_id, number, since: now, ...place })
      .onConflict((conflict) => conflict.columns(['wasteland', 'host', 'repository_id', 'number']).doUpdateSet(place))
      .execute(),
  )
}

/** Ends a recheck: GitHub has told everything, or there is nothing to tell any more. */
export async function endRecheck(
  store: OperationsStore,
  host: string,
  at: Pick<PullRequestPlace, 'repository_id' | 'number'>,
): Promise<void> {
  if ((await find(store, host, at)) === undefined) return
  const { db, wasteland } = store
  await settle(
    db
      .deleteFrom('rechecks')
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', at.repository_id)
      .where('number', '=', at.number)
      .execute(),
  )
}

/** Ends the rechecks of a repository, or of a whole installation, that is out of our reach. */
export async function endRechecksIn(
  { db, wasteland }: OperationsStore,
  host: string,
  { repositoryId, installationId }: { repositoryId?: number | undefined; installationId?: number | undefined },
): Promise<void> {
  let query = db.deleteFrom('rechecks').where('wasteland', '=', wasteland).where('host', '=', host)
  if (repositoryId !== undefined) query = query.where('repository_id', '=', repositoryId)
  if (installationId !== undefined) query = query.where('installation_id', '=', installationId)
  await settle(query.execute())
}

/** Takes up to `limit` rechecks that are due; one that never ends is due again after the longest delay. */
export async function takeRechecks(
  { db, wasteland }: OperationsStore,
  host: string,
  now: Date,
  limit: number,
): Promise<PullRequestPlace[]> {
  const { rows } = await settle(
    sql<PullRequestPlace>`UPDATE rechecks SET due_at = ${new Date(now.getTime() + LONGEST_MS)}
       WHERE ctid IN (SELECT ctid FROM rechecks WHERE wasteland = ${wasteland} AND host = ${host} AND due_at <= ${now}
                       ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING installation_id, repository_id, owner, repo, number`.execute(db),
  )
  return rows
}

/** Drops rechecks whose first refusal was before a time. */
export const dropOldRechecks = dropOlder('rechecks', sql.ref('since'))

/** True for a pull request or issue with a recheck. */
export async function hasRecheck(
  store: OperationsStore,
  host: string,
  at: Pick<PullRequestPlace, 'repository_id' | 'number'>,
): Promise<boolean> {
  return (await find(store, host, at)) !== undefined
}

function find(
  store: OperationsStore,
  host: string,
  { repository_id, number }: Pick<PullRequestPlace, 'repository_id' | 'number'>,
): Promise<{ tries: number } | undefined> {
  return known(store, { host, repository_id, number })
}

const known = joinedRead(
  ({ db, wasteland }, at: readonly { host: string; repository_id: number; number: number }[]) =>
    db
      .selectFrom('rechecks')
      .select(['host', 'repository_id', 'number', 'tries'])
      .where('wasteland', '=', wasteland)
      .where((either) => either.or(at.map((one) => either.and(one)))),
  (rows, at) =>
    at.map(({ host, repository_id, number }) =>
      rows.find((row) => row.host === host && row.repository_id === repository_id && row.number === number),
    ),
)
