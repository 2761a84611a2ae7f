import { sql } from 'kysely'
import { type Completion, completionHash } from '../../domain/completion.ts'
import { ledgerTime } from '../../domain/time.ts'
import { textOf, timeOf } from '../engine/rows.ts'
import { byId, batchedRead, batchedWrite } from '../engine/batch.ts'
import { joinedRead } from '../engine/joined-read.ts'
import { expectAll, expectOne, known, present, presentIn } from '../engine/tables.ts'
import type { CommonsDb } from '../engine/types.ts'

const COLUMNS = [
  'id',
  'wanted_id',
  'completed_by',
  'evidence',
  'stamp_id',
  'validated_by',
  'hop_uri',
  'completed_at',
  'parent_completion_id',
] as const

export const findCompletion = joinedRead<string, Completion | undefined>({
  tables: ['completions'],
  queries: (db, ids) => [
    { columns: presentIn(db, 'completions', COLUMNS), from: db.sql.selectFrom('completions').where('id', 'in', ids) },
  ],
  answer: (_, [rows], ids) =>
    ids.map((id) => (rows as CompletionRow[]).find((row) => row.id === id)).map((row) => row && toCompletion(row)),
})

/** Every completion of an item, the submitter's before those of the co-authors. */
export const completionsOf = batchedRead(async (db, wanted: readonly string[]): Promise<Completion[][]> => {
  const rows = await db.sql
    .selectFrom('completions')
    .select(known(db, 'completions', COLUMNS))
    .where('wanted_id', 'in', wanted)
    .orderBy('id')
    .execute()
  return wanted.map((id) => rows.filter((row) => row.wanted_id === id).map(toCompletion))
})

/**
 * The submitted completions of a pull request, or of work that was merged as one of these commits; co-authors'
 * included.
 */
export async function completionsFrom(
  db: CommonsDb,
  { urls, merges }: { urls: readonly string[]; merges: readonly string[] },
): Promise<Completion[]> {
  const likes = [...urls.map((url) => `${url} head=%`), ...merges.map((sha) => `% merge=${sha}%`)]
  if (likes.length === 0) return []
  const rows = await db.sql
    .selectFrom('completions')
    .select(known(db, 'completions', COLUMNS))
    .where((either) => either.or(likes.map((like) => either('evidence', 'like', like))))
    .orderBy('id')
    .execute()
  return rows.map(toCompletion).filter((one) => one.parentId == null)
}

/** Unstamped completions of pull requests of a repository (`owner/name`), by their evidence. */
export async function unstampedIn(db: CommonsDb, repository: string): Promise<Completion[]> {
  const rows = await db.sql
    .selectFrom('completions')
    .select(known(db, 'completions', COLUMNS))
    .where(sql<boolean>`lower(evidence) LIKE ${`http%://%/${repository.toLowerCase()}/pull/% head=%`}`)
    .where('stamp_id', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(toCompletion).filter((one) => one.parentId == null)
}

/** Unstamped completions that a rig submitted. */
export async function unstampedOf(db: CommonsDb, rig: string): Promise<Completion[]> {
  const rows = await db.sql
    .selectFrom('completions')
    .select(known(db, 'completions', COLUMNS))
    .where('completed_by', '=', rig)
    .where('stamp_id', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(toCompletion)
}

/**
 * All completions that a rig submitted, and those whose evidence names this login among its authors; stamped or not.
 */
export async function workOf(db: CommonsDb, rig: string, login: string): Promise<Completion[]> {
  const rows = await db.sql
    .selectFrom('completions')
    .select(known(db, 'completions', COLUMNS))
    .where((either) => either.or([either('completed_by', '=', rig), either('evidence', 'like', `% by=%${login}%`)]))
    .orderBy('id')
    .execute()
  // In a pattern `_` matches any character: a false match only costs another query.
  return rows.map(toCompletion)
}

/** The items of the stamped completions. */
export async function itemsStamped(db: CommonsDb, stamps: readonly string[]): Promise<string[]> {
  if (stamps.length === 0) return []
  const rows = await db.sql
    .selectFrom('stamps')
    .innerJoin('completions', 'completions.id', 'stamps.context_id')
    .select('completions.wanted_id')
    .distinct()
    .where('stamps.id', 'in', stamps)
    .execute()
  return rows.flatMap((row) => row.wanted_id ?? [])
}

export async function insertCompletion(
  db: CommonsDb,
  completion: Omit<Completion, 'stampId' | 'validatedBy'>,
): Promise<void> {
  await db.sql
    .insertInto('completions')
    .values(
      present(db, 'completions', {
        id: completion.id,
        wanted_id: completion.wantedId,
        completed_by: completion.completedBy,
        evidence: completion.evidence,
        validated_by: null,
        stamp_id: null,
        parent_completion_id: completion.parentId ?? null,
        block_hash: completionHash(completion),
        hop_uri: completion.hopUri,
        completed_at: completion.completedAt,
        validated_at: null,
      }),
    )
    .execute()
}

/** Updates evidence and block_hash, which follow the pull request until the first stamp. */
export async function updateEvidence(db: CommonsDb, before: Completion, evidence: string): Promise<void> {
  await writeEvidence(db, { ...before, evidence })
}

const writeEvidence = batchedWrite(async (db, completions: readonly Completion[]) => {
  const evidence = byId(completions, (one) => one.evidence)
  const hash = byId(completions, completionHash)
  expectAll(
    await db.sql
      .updateTable('completions')
      .set(present(db, 'completions', { evidence, block_hash: hash }))
      .where('id', 'in', idsOf(completions))
      .where('stamp_id', 'is', null)
      .executeTakeFirst(),
    completions.map(({ id }) => `evidence of ${id}`),
  )
})

/**
 * Writes one half of the double link; `insertStamp` writes the other. Throws LedgerMismatch when the completion is
 * stamped already.
 */
export async function linkStamp(
  db: CommonsDb,
  id: string,
  stamp: { id: string; author: string; at: string },
): Promise<void> {
  await writeLink(db, { id, stamp: stamp.id, author: stamp.author, at: ledgerTime(stamp.at) })
}

interface Link {
  id: string
  stamp: string
  author: string
  at: string
}

const writeLink = batchedWrite(async (db, links: readonly Link[]) => {
  expectAll(
    await db.sql
      .updateTable('completions')
      .set(
        present(db, 'completions', {
          stamp_id: byId(links, ({ stamp }) => stamp),
          validated_by: byId(links, ({ author }) => author),
          validated_at: byId(links, ({ at }) => at),
        }),
      )
      .where('id', 'in', idsOf(links))
      .where('stamp_id', 'is', null)
      .executeTakeFirst(),
    links.map(({ id }) => `stamp on ${id}`),
  )
})

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

/**
 * Removes the link to an undone stamp; the stamp `other`, where there is one, takes its place. Throws LedgerMismatch
 * when there was no link.
 */
export async function unlinkStamp(
  db: CommonsDb,
  id: string,
  stamp: string,
  other: { id: string; author: string; createdAt: string } | undefined,
): Promise<void> {
  expectOne(
    await db.sql
      .updateTable('completions')
      .set(
        present(db, 'completions', {
          stamp_id: other?.id ?? null,
          validated_by: other?.author ?? null,
          validated_at: other?.createdAt ?? null,
        }),
      )
      .where('id', '=', id)
      .where('stamp_id', '=', stamp)
      .executeTakeFirst(),
    `stamp taken off ${id}`,
  )
}

export async function deleteCompletion(db: CommonsDb, id: string): Promise<void> {
  expectOne(
    await db.sql.deleteFrom('completions').where('id', '=', id).where('stamp_id', 'is', null).executeTakeFirst(),
    `completion ${id}`,
  )
}

interface CompletionRow {
  id: string
  wanted_id: string | null
  completed_by: string | null
  evidence: string | null
  stamp_id: string | null
  validated_by: string | null
  hop_uri: string | null
  completed_at: string | null
  parent_completion_id: string | null
}

function toCompletion(row: CompletionRow): Completion {
  return {
    id: row.id,
    wantedId: textOf(row.wanted_id) ?? '',
    completedBy: textOf(row.completed_by) ?? '',
    evidence: textOf(row.evidence) ?? '',
    stampId: textOf(row.stamp_id),
    validatedBy: textOf(row.validated_by),
    hopUri: textOf(row.hop_uri),
    completedAt: timeOf(row.completed_at),
    parentId: textOf(row.parent_completion_id),
  }
}
