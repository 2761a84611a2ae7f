import type { SelectQueryBuilder } from 'kysely'
import { sha256 } from '../domain/hash.ts'
import { nextPlace, type PassbookPlace, SEVERITIES, type Stamp, stampHash } from '../domain/stamp.ts'
import { type Commons, type CommonsDb, expectOne, known, present } from './tables.ts'

export async function hasStamp(db: CommonsDb, id: string): Promise<boolean> {
  return (await db.sql.selectFrom('stamps').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** A stamp as its row tells it; its values may be a peer's. */
export interface KeptStamp extends Omit<Stamp, 'valence'> {
  valence: Record<string, unknown>
}

export async function findStamp(db: CommonsDb, id: string): Promise<KeptStamp | undefined> {
  const [stamp] = await keptStamps(db, (stamps) => stamps.where('id', '=', id))
  return stamp
}

/** The stamps of an author on these completions, oldest first; of every author without one. */
export async function stampsBy(
  db: CommonsDb,
  author: string | undefined,
  completions: readonly string[],
): Promise<KeptStamp[]> {
  if (completions.length === 0) return []
  return keptStamps(db, (stamps) => {
    const on = stamps.where('context_id', 'in', completions)
    return author === undefined ? on : on.where('author', '=', author)
  })
}

async function keptStamps(
  db: CommonsDb,
  which: (stamps: SelectQueryBuilder<Commons, 'stamps', object>) => SelectQueryBuilder<Commons, 'stamps', object>,
): Promise<KeptStamp[]> {
  let stamps = which(db.sql.selectFrom('stamps')).orderBy('created_at')
  if (db.columns.get('stamps')?.has('stamp_index') === true) stamps = stamps.orderBy('stamp_index')
  const rows = await stamps
    .select(known(db, 'stamps', KEPT))
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    author: row.author,
    subject: row.subject,
    valence: row.valence,
    confidence: row.confidence ?? 1,
    severity: SEVERITIES.find((severity) => severity === row.severity) ?? 'leaf',
    contextId: row.context_id ?? '',
    skillTags: row.skill_tags ?? [],
    message: row.message,
    hopUri: row.hop_uri ?? '',
    createdAt: (row.created_at ?? '').slice(0, 19),
  }))
}

const KEPT = [
  'id',
  'author',
  'subject',
  'valence',
  'confidence',
  'severity',
  'context_id',
  'skill_tags',
  'message',
  'hop_uri',
  'created_at',
] as const

export async function deleteStamp(db: CommonsDb, id: string): Promise<void> {
  expectOne(await db.sql.deleteFrom('stamps').where('id', '=', id).executeTakeFirst(), `stamp ${id}`)
}

/** What a reply shows of a stamp. */
export interface ShownStamp {
  id: string
  author: string
  subject: string
  valence: Record<string, unknown>
  skills: readonly string[]
}

/** The stamps on a completion, of each author the latest: a correction stands for what it corrects. */
export async function stampsOn(db: CommonsDb, completion: string): Promise<ShownStamp[]> {
  const latest = new Map((await stampsBy(db, undefined, [completion])).map((stamp) => [stamp.author, stamp]))
  return [...latest.values()].map(({ id, author, subject, valence, skillTags }) => ({
    id,
    author,
    subject,
    valence,
    skills: skillTags,
  }))
}

export async function insertStamp(db: CommonsDb, stamp: Stamp): Promise<void> {
  const place = await placeOf(db, stamp.subject)
  await db.sql
    .insertInto('stamps')
    .values(
      present(db, 'stamps', {
        id: stamp.id,
        author: stamp.author,
        subject: stamp.subject,
        valence: JSON.stringify(stamp.valence),
        confidence: stamp.confidence,
        severity: stamp.severity,
        context_id: stamp.contextId,
        context_type: 'completion',
        stamp_type: 'work',
        skill_tags: JSON.stringify(stamp.skillTags),
        message: stamp.message,
        stamp_index: place.stampIndex,
        prev_stamp_hash: place.prevStampHash,
        block_hash: stampHash(stamp, place),
        hop_uri: stamp.hopUri,
        created_at: stamp.createdAt,
      }),
    )
    .execute()
}

async function placeOf(db: CommonsDb, subject: string): Promise<PassbookPlace> {
  return nextPlace(await lastStampOf(db, subject))
}

/** The end of a subject's passbook. Peers write stamps without an index: those count in the order of their time. */
export async function lastStampOf(
  db: CommonsDb,
  subject: string,
): Promise<{ id: string; stampIndex: number } | undefined> {
  const stamps = db.sql.selectFrom('stamps').where('subject', '=', subject)
  if (db.columns.get('stamps')?.has('stamp_index') !== true) {
    const rows = await stamps.select(['id', 'prev_stamp_hash']).orderBy('created_at').orderBy('id').execute()
    // Two stamps of one second have no order but the chain's own: its end is the one that none names.
    const named = new Set(rows.map((row) => row.prev_stamp_hash))
    const end = rows.findLast((row) => !named.has(sha256(row.id))) ?? rows.at(-1)
    return end && { id: end.id, stampIndex: rows.length - 1 }
  }
  const last = await stamps
    .select(['id', 'stamp_index'])
    .orderBy('stamp_index', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined) return undefined
  const { n } = await stamps.select((count) => count.fn.countAll().as('n')).executeTakeFirstOrThrow()
  return { id: last.id, stampIndex: last.stamp_index ?? Number(n) - 1 }
}

/** What a commit's trailer can name. A peer may have called a stamp anything. */
const NAMEABLE = /^[\w.:-]{1,64}$/

/** The stamps that these rigs gave each other, oldest first; those of ids that no trailer can name are left out. */
export async function stampsAmong(db: CommonsDb, rigs: ReadonlySet<string>): Promise<string[]> {
  const rows = await db.sql
    .selectFrom('stamps')
    .select('id')
    .where('author', 'in', [...rigs])
    .where('subject', 'in', [...rigs])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id).filter((id) => NAMEABLE.test(id))
}
