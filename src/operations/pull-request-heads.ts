import type { Selectable } from 'kysely'
import type { PullRequestPlace } from './pull-request-items.ts'
import { type Operations, type OperationsStore, settle } from './store.ts'

export type PullRequestHead = Omit<Selectable<Operations['pull_request_heads']>, 'wasteland'>

/** Notes a head when it is first seen; again changes nothing. */
export async function noteHead({ db, wasteland }: OperationsStore, head: PullRequestHead): Promise<void> {
  await settle(
    db
      .insertInto('pull_request_heads')
      .values({ wasteland, ...head })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Each head of a pull request and when it was first seen, the oldest first. */
export async function headsOf(
  { db, wasteland }: OperationsStore,
  host: string,
  pullRequestId: number,
): Promise<{ head: string; seenAt: Date }[]> {
  const rows = await settle(
    db
      .selectFrom('pull_request_heads')
      .select(['head', 'seen_at'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('pull_request_id', '=', pullRequestId)
      .orderBy('seen_at')
      .execute(),
  )
  return rows.map((row) => ({ head: row.head, seenAt: new Date(row.seen_at) }))
}

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
