import { type Selectable, sql } from 'kysely'
import type { PullRequestPlace } from './pull-request-items.ts'
import { readOfPulls } from './read-together.ts'
import { type Operations, type OperationsStore, settle } from './store.ts'

export type PullRequestHead = Omit<Selectable<Operations['pull_request_heads']>, 'wasteland'>

/** Notes a head when it is first seen, after those of the same second; again changes nothing. */
export async function noteHead(store: OperationsStore, head: PullRequestHead): Promise<void> {
  const { db, wasteland } = store
  const noted = await headsOf(store, head.host, head.pull_request_id)
  if (noted.some((one) => one.head === head.head)) return
  const afterLast = sql<Date>`(SELECT max(seen_at) + interval '1 millisecond' FROM pull_request_heads
    WHERE wasteland = ${wasteland} AND host = ${head.host} AND pull_request_id = ${head.pull_request_id})`
  await settle(
    db
      .insertInto('pull_request_heads')
      .values({ wasteland, ...head, seen_at: sql`greatest(${head.seen_at}::timestamptz, ${afterLast})` })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Each head of a pull request and when it was first seen, the oldest first. */
export async function headsOf(
  store: OperationsStore,
  host: string,
  pullRequestId: number,
): Promise<{ head: string; seenAt: Date }[]> {
  const rows = await allOf(store, host, pullRequestId)
  return rows.map((row) => ({ head: row.head, seenAt: new Date(row.seen_at) }))
}

const allOf = readOfPulls(({ db, wasteland }, { hosts, ids }) =>
  settle(
    db
      .selectFrom('pull_request_heads')
      .select(['host', 'pull_request_id', 'head', 'seen_at'])
      .where('wasteland', '=', wasteland)
      .where('host', 'in', hosts)
      .where('pull_request_id', 'in', ids)
      .orderBy('seen_at')
      .execute(),
  ),
)

/** The pull requests that name an item and have, or had, this head. */
export async function pullRequestsAt(
  { db, wasteland }: OperationsStore,
  of: { host: string; repository_id: number; head: string },
): Promise<PullRequestPlace[]> {
  return settle(
    db
      .selectFrom('pull_request_heads as heads')
      .innerJoin('pull_request_items as items', (on) =>
        on
          .onRef('items.wasteland', '=', 'heads.wasteland')
          .onRef('items.host', '=', 'heads.host')
          .onRef('items.pull_request_id', '=', 'heads.pull_request_id'),
      )
      .distinctOn('items.pull_request_id')
      .select(['items.installation_id', 'items.repository_id', 'items.owner', 'items.repo', 'items.number'])
      .where('heads.wasteland', '=', wasteland)
      .where('heads.host', '=', of.host)
      .where('heads.repository_id', '=', of.repository_id)
      .where('heads.head', '=', of.head)
      .where('items.linked', '=', true)
      .orderBy('items.pull_request_id')
      .execute(),
  )
}

/** Drops heads that were seen before a time and were pushed over since. */
export async function dropOldHeads({ db, wasteland }: OperationsStore, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await settle(
    sql`DELETE FROM pull_request_heads WHERE ctid IN (
          SELECT old.ctid FROM pull_request_heads AS old
           WHERE old.wasteland = ${wasteland} AND old.seen_at < ${before}
             AND EXISTS (SELECT FROM pull_request_heads AS later
                          WHERE (later.wasteland, later.host, later.pull_request_id)
                              = (old.wasteland, old.host, old.pull_request_id)
                            AND later.seen_at > old.seen_at)
           LIMIT ${limit})`.execute(db),
  )
  return Number(numAffectedRows)
}
