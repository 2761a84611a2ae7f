import { type Kysely, sql } from 'kysely'
import type { EndedTie } from '../../domain/ties.ts'
import type { LoggedCommit } from '../../ledger/engine/log.ts'
import type { Operations } from '../schema.ts'
import { chunks, type IndexWrite } from './index-write.ts'

/** The part of the ledger's index about owners of rigs, and about the beginning of work. */
const BEGUN = /^wl (?:claim|done): (\S{1,64})/gm

/** Clears the index, except for ended ties: a shortened history must not let their owners in. */
export async function clearOwnership(tx: Kysely<Operations>, wasteland: string): Promise<void> {
  await tx.deleteFrom('items_begun').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('items_posted').where('wasteland', '=', wasteland).execute()
  await tx.deleteFrom('trust_changes').where('wasteland', '=', wasteland).execute()
}

export function ownershipWrites(
  db: Kysely<Operations>,
  wasteland: string,
  commits: readonly LoggedCommit[],
  ended: readonly EndedTie[],
): IndexWrite[] {
  const begun = new Map<string, Date>()
  for (const { message, date } of commits)
    for (const [, item] of message.matchAll(BEGUN)) if (!begun.has(item!)) begun.set(item!, date)
  const items = [...begun].map(([wanted_id, at]) => ({ wasteland, wanted_id, at }))
  const begins = chunks(items).map((rows) =>
    db
      .insertInto('items_begun')
      .values(rows)
      .onConflict((on) => on.doNothing()),
  )
  const ends = ended.map(({ one, other, endedAt }) =>
    db
      .insertInto('ended_ties')
      .values({ wasteland, one, other, ended_at: endedAt })
      .onConflict((on) =>
        on
          .columns(['wasteland', 'one', 'other'])
          .doUpdateSet({ ended_at: sql`greatest(ended_ties.ended_at, excluded.ended_at)` }),
      ),
  )
  return [...begins, ...ends]
}

/** Where items were posted, and who may judge them, in the order of the commits. */
export function postingWrites(
  db: Kysely<Operations>,
  wasteland: string,
  read: readonly { sequence: number; trailers: ReadonlyMap<string, string> }[],
): IndexWrite[] {
  return read.flatMap(({ sequence, trailers }) => {
    const posted = /^([1-9]\d{0,15}) (\S{1,64})$/.exec(trailers.get('Posted-In') ?? '')
    const judged = /^(anywhere|here) (\S{1,64})$/.exec(trailers.get('Judged') ?? '')
    const writes: IndexWrite[] = []
    if (posted !== null)
      writes.push(postingWrite(db, wasteland, posted[2]!, { repository_id: Number(posted[1]), sequence }))
    if (judged !== null)
      writes.push(postingWrite(db, wasteland, judged[2]!, { opened: judged[1] === 'anywhere', sequence }))
    return writes
  })
}

function postingWrite(
  db: Kysely<Operations>,
  wasteland: string,
  wanted_id: string,
  known: ({ repository_id: number } | { opened: boolean }) & { sequence: number },
): IndexWrite {
  return db
    .insertInto('items_posted')
    .values({ wasteland, wanted_id, repository_id: null, opened: false, ...known })
    .onConflict((on) =>
      on
        .columns(['wasteland', 'wanted_id'])
        .doUpdateSet(known)
        .where('items_posted.sequence', '<=', sql<number>`excluded.sequence`),
    )
}

/** Changes of trust that people made by commands. */
export function trustWrites(
  db: Kysely<Operations>,
  wasteland: string,
  read: readonly { hash: string; trailers: ReadonlyMap<string, string> }[],
): IndexWrite[] {
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
  return chunks(rows).map((some) =>
    db
      .insertInto('trust_changes')
      .values(some)
      .onConflict((on) => on.doNothing()),
  )
}
