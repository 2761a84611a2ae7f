import { type Kysely, sql } from 'kysely'
import type { EndedTie } from '../../domain/ties.ts'
import type { LoggedCommit } from '../../ledger/engine/log.ts'
import type { Operations } from '../schema.ts'

/** The part of the ledger's index about owners of rigs, and about the beginning of work. */
const ROWS = 1000
const BEGUN = /^wl (?:claim|done): (\S{1,64})/gm

/** Clears the index, except for ended ties: a shortened history must not let their owners in. */
export async function clearOwnership(tx: Kysely<Operations>, wasteland: string): Promise<void> {
  await tx.deleteFrom('items_begun').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('items_posted').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('trust_changes').where('wasteland', '=', wasteland).execute()
}

export async function saveOwnership(
  tx: Kysely<Operations>,
  wasteland: string,
  commits: readonly LoggedCommit[],
  ended: readonly EndedTie[],
): Promise<void> {
  const begun = new Map<string, Date>()
  for (const { message, date } of commits)
    for (const [, item] of message.matchAll(BEGUN)) if (!begun.has(item!)) begun.set(item!, date)
  const items = [...begun].map(([wanted_id, at]) => ({ wasteland, wanted_id, at }))
  for (let start = 0; start < items.length; start += ROWS)
    await tx
      .insertInto('items_begun')
      .values(items.slice(start, start + ROWS))
      .onConflict((on) => on.doNothing())
      .execute()
  for (const { one, other, endedAt } of ended)
    await tx
      .insertInto('ended_ties')
      .values({ wasteland, one, other, ended_at: endedAt })
      .onConflict((on) =>
        on
          .columns(['wasteland', 'one', 'other'])
          .doUpdateSet({ ended_at: sql`greatest(ended_ties.ended_at, excluded.ended_at)` }),
      )
      .execute()
}

/** Stores where items were posted, and who may judge them, in the order of the commits. */
export async function savePostings(
  tx: Kysely<Operations>,
  wasteland: string,
  read: readonly { sequence: number; trailers: ReadonlyMap<string, string> }[],
): Promise<void> {
  for (const { sequence, trailers } of read) {
    const posted = /^([1-9]\d{0,15}) (\S{1,64})$/.exec(trailers.get('Posted-In') ?? '')
    const judged = /^(anywhere|here) (\S{1,64})$/.exec(trailers.get('Judged') ?? '')
    if (posted !== null) await savePosting(tx, wasteland, posted[2]!, { repository_id: Number(posted[1]), sequence })
    if (judged !== null) await savePosting(tx, wasteland, judged[2]!, { opened: judged[1] === 'anywhere', sequence })
  }
}

async function savePosting(
  tx: Kysely<Operations>,
  wasteland: string,
  wanted_id: string,
  known: ({ repository_id: number } | { opened: boolean }) & { sequence: number },
) {
  await tx
    .insertInto('items_posted')
    .values({ wasteland, wanted_id, repository_id: null, opened: false, ...known })
    .onConflict((on) =>
      on
        .columns(['wasteland', 'wanted_id'])
        .doUpdateSet(known)
        .where('items_posted.sequence', '<=', sql<number>`excluded.sequence`),
    )
    .execute()
}

/** Changes of trust that people made by commands. */
export async function saveTrustChanges(
  tx: Kysely<Operations>,
  wasteland: string,
  read: readonly { hash: string; trailers: ReadonlyMap<string, string> }[],
): Promise<void> {
  const rows = read.flatMap(({ hash, trailers }) => {
    const change = /^(-?\d{1,2}) (-?\d{1,2}) (\d{4}-\d\d-\d\dT[\d:.]{8,12}Z) (.{1,255})$/u.exec(
      trailers.get('Trust') ?? '',
    )
    const sender = /^\S{1,100} ([1-9]\d{0,14})$/.exec(trailers.get('Sender') ?? '')
    if (change === null || sender === null || Number.isNaN(Date.parse(change[3]!))) return []
    const [, before, after, at, rig] = change
    return [
      {
        wasteland,
        hash,
        rig: rig!,
        level_before: Number(before),
        level_after: Number(after),
        by_id: Number(sender[1]),
        at: new Date(at!),
      },
    ]
  })
  for (let start = 0; start < rows.length; start += ROWS)
    await tx
      .insertInto('trust_changes')
      .values(rows.slice(start, start + ROWS))
      .onConflict((on) => on.doNothing())
      .execute()
}
