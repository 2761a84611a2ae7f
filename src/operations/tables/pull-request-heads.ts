import { type Selectable, sql } from 'kysely'
import type { PullRequestPlace } from './pull-request-items.ts'
import { joinedReadOfPullRequests } from '../postgres/joined-read.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

export type PullRequestHead = Omit<
  Selectable<Operations['pull_request_heads']>,
  'wasteland' | 'first_at' | 'last_at' | 'noted_at'
> & {
  /** A time at which it was the head, by GitHub's clock. */
  at: Date | string
  /** The time instead of `at` where any head of the pull request is known. */
  again?: Date
}

/**
 * Stores that a pull request had a head at a time. `seen_at` orders heads by their first sight, after those of the same
 * second; `first_at` and `last_at` are GitHub's times; `noted_at` orders them by our last event of each.
 */
export async function noteHead(
  store: OperationsStore,
  { at: first, again = new Date(first), seen_at, ...head }: PullRequestHead,
): Promise<void> {
  const { db, wasteland } = store
  const at = sql<Date>`CASE WHEN EXISTS (SELECT FROM pull_request_heads
    WHERE wasteland = ${wasteland} AND host = ${head.host} AND pull_request_id = ${head.pull_request_id})
    THEN ${again}::timestamptz ELSE ${first}::timestamptz END`
  const afterLast = sql<Date>`(SELECT max(seen_at) + interval '1 millisecond' FROM pull_request_heads
    WHERE wasteland = ${wasteland} AND host = ${head.host} AND pull_request_id = ${head.pull_request_id})`
  await settle(
    db
      .insertInto('pull_request_heads')
      .values({
        wasteland,
        ...head,
        seen_at: sql`greatest(${seen_at}::timestamptz, ${afterLast})`,
        first_at: at,
        last_at: at,
        noted_at: sql`clock_timestamp()`,
      })
      .onConflict((conflict) =>
        conflict.columns(['wasteland', 'host', 'pull_request_id', 'head']).doUpdateSet((eb) => ({
          first_at: sql`least(pull_request_heads.first_at, ${eb.ref('excluded.first_at')})`,
          last_at: sql`greatest(pull_request_heads.last_at, ${eb.ref('excluded.last_at')})`,
          noted_at: eb.ref('excluded.noted_at'),
        })),
      )
      .execute(),
  )
}

/** Each head of a pull request with GitHub's times of it, in the order of our last event of each. */
export async function sightingsOf(
  store: OperationsStore,
  host: string,
  pullRequestId: number,
): Promise<{ head: string; times: number[] }[]> {
  const rows = await allOf(store, host, pullRequestId)
  const time = (at: Date | string) => new Date(at).getTime()
  return rows
    .toSorted((a, b) => time(a.noted_at) - time(b.noted_at))
    .map((row) => ({ head: row.head, times: [time(row.first_at), time(row.last_at)] }))
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

const allOf = joinedReadOfPullRequests(({ db, wasteland }, { hosts, ids }) =>
  db
    .selectFrom('pull_request_heads')
    .select(['host', 'pull_request_id', 'head', 'seen_at', 'first_at', 'last_at', 'noted_at'])
    .where('wasteland', '=', wasteland)
    .where('host', 'in', hosts)
    .where('pull_request_id', 'in', ids)
    .orderBy('seen_at'),
)

/** The pull requests that name an item and have, or had, this head. */
export async function pullRequestsAt(
  { db, wasteland }: OperationsStore,
  of: { host: string; repository_id: number; head: string },
): Promise<(PullRequestPlace & { pull_request_id: number })[]> {
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
      .select([
        'items.pull_request_id',
        'items.installation_id',
        'items.repository_id',
        'items.owner',
        'items.repo',
        'items.number',
      ])
      .where('heads.wasteland', '=', wasteland)
      .where('heads.host', '=', of.host)
      .where('heads.repository_id', '=', of.repository_id)
      .where('heads.head', '=', of.head)
      .where('items.linked', '=', true)
      .orderBy('items.pull_request_id')
      .execute(),
  )
}

/** Drops heads that were seen before a time and have been replaced by a push since. */
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
