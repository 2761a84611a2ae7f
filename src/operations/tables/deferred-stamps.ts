import type { Selectable } from 'kysely'
import { batchedReadOfPullRequests } from '../postgres/batched-read.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** The stored ending of a deferred stamp that was given; the word is from before the rename. */
export const GIVEN = 'pressed'

/** A stamp that waits for the merge of its pull request. */
export type DeferredStamp = Omit<Selectable<Operations['held_stamps']>, 'wasteland' | 'ended'>

/** Stores a stamp until the merge; it replaces the one that its author deferred on the same item before. Idempotent. */
export async function saveDeferredStamp({ db, wasteland }: OperationsStore, stamp: DeferredStamp): Promise<void> {
  const row = { wasteland, ...stamp, given: JSON.stringify(stamp.given), ended: null }
  await settle(
    db.transaction().execute(async (tx) => {
      const { numInsertedOrUpdatedRows: inserted } = await tx
        .insertInto('held_stamps')
        .values(row)
        .onConflict((on) => on.doNothing())
        .executeTakeFirstOrThrow()
      if (inserted !== 1n) return
      await tx
        .updateTable('held_stamps')
        .set({ ended: stamp.command })
        .where('wasteland', '=', wasteland)
        .where('host', '=', stamp.host)
        .where('pull_request_id', '=', stamp.pull_request_id)
        .where('wanted_id', '=', stamp.wanted_id)
        .where('author_id', '=', stamp.author_id)
        .where('command', '!=', stamp.command)
        .where('ended', 'is', null)
        .execute()
    }),
  )
}

/** The deferred stamps of a pull request, in the order of their commands; `known`: the commands of ended ones too. */
export async function deferredOn(
  store: OperationsStore,
  host: string,
  pullRequestId: number,
): Promise<{ deferred: DeferredStamp[]; known: Set<string> }> {
  const rows = await allOn(store, host, pullRequestId)
  return { deferred: rows.filter((row) => row.ended === null), known: new Set(rows.map((row) => row.command)) }
}

const allOn = batchedReadOfPullRequests(({ db, wasteland }, { hosts, ids }) =>
  settle(
    db
      .selectFrom('held_stamps')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('host', 'in', hosts)
      .where('pull_request_id', 'in', ids)
      .orderBy('said_at')
      .orderBy('command')
      .execute(),
  ),
)

/** The deferred stamps of the pull request that is here. */
export async function deferredAt(
  { db, wasteland }: OperationsStore,
  host: string,
  at: { repository_id: number; number: number },
): Promise<DeferredStamp[]> {
  const here = db
    .selectFrom('pull_request_items')
    .select('pull_request_id')
    .where('wasteland', '=', wasteland)
    .where('host', '=', host)
    .where('repository_id', '=', at.repository_id)
    .where('number', '=', at.number)
  return settle(
    db
      .selectFrom('held_stamps')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('pull_request_id', 'in', here)
      .where('ended', 'is', null)
      .orderBy('command')
      .execute(),
  )
}

/** Ends a deferred stamp: it was given, its author was asked again, or another command of theirs replaced it. */
export async function endDeferred({ db, wasteland }: OperationsStore, command: string, by: string): Promise<void> {
  await settle(
    db
      .updateTable('held_stamps')
      .set({ ended: by })
      .where('wasteland', '=', wasteland)
      .where('command', '=', command)
      .where('ended', 'is', null)
      .execute(),
  )
}

/** The ending of a deferred stamp: null while it waits, undefined where there was none. */
export async function endOfDeferred(
  { db, wasteland }: OperationsStore,
  command: string,
): Promise<string | null | undefined> {
  const row = db.selectFrom('held_stamps').select('ended').where('wasteland', '=', wasteland)
  return (await settle(row.where('command', '=', command).executeTakeFirst()))?.ended
}

/** The deferred stamps that a command took back or replaced. */
export async function endedBy({ db, wasteland }: OperationsStore, by: string): Promise<DeferredStamp[]> {
  return settle(
    db
      .selectFrom('held_stamps')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('ended', '=', by)
      .orderBy('command')
      .execute(),
  )
}
