import { type SelectQueryBuilder, sql } from 'kysely'
import { sha256 } from '../../domain/hash.ts'
import { nextPlace, type PassbookPlace, SEVERITIES, type Stamp, stampHash } from '../../domain/stamp.ts'
import { StampRow, wellFormed } from '../engine/rows.ts'
import { batchedRead, batchedWrite } from '../engine/batch.ts'
import { joinedRead, type RowQuery } from '../engine/joined-read.ts'
import { expectOne, known, present, presentIn } from '../engine/tables.ts'
import type { Commons, CommonsDb } from '../engine/types.ts'

export const hasStamp = batchedRead(async (db, ids: readonly string[]): Promise<boolean[]> => {
  const rows = await db.sql.selectFrom('stamps').select('id').where('id', 'in', ids).execute()
  const found = new Set(rows.map(({ id }) => id))
  return ids.map((id) => found.has(id))
})

/** A stamp as read from its row; its values may be a peer's. */
export interface KeptStamp extends Omit<Stamp, 'valence'> {
  valence: Record<string, unknown>
}

export async function findStamp(db: CommonsDb, id: string): Promise<KeptStamp | undefined> {
  const [stamp] = await keptStamps(db, (stamps) => stamps.where('id', '=', id))
  return stamp
}

/** True for a rig that gave any stamp that stands. */
export async function hasStamped(db: CommonsDb, author: string): Promise<boolean> {
  const row = await db.sql.selectFrom('stamps').select('id').where('author', '=', author).limit(1).executeTakeFirst()
  return row !== undefined
}

/** The stamps of an author on these completions, oldest first; without an author, everybody's. */
export async function stampsBy(
  db: CommonsDb,
  author: string | undefined,
  completions: readonly string[],
): Promise<KeptStamp[]> {
  return completions.length === 0 ? [] : stampsAsked(db, { author, completions })
}

interface StampsAsked {
  author: string | undefined
  completions: readonly string[]
}

const stampsAsked = joinedRead<StampsAsked, KeptStamp[]>({
  tables: ['stamps'],
  queries(db, asked) {
    const all = asked.flatMap(({ completions }) => completions)
    const on = db.sql.selectFrom('stamps').where('context_id', 'in', all)
    const [{ author }] = asked as [StampsAsked]
    const from = asked.length === 1 && author !== undefined ? on.where('author', '=', author) : on
    return [{ columns: presentIn(db, 'stamps', [...KEPT, 'stamp_index']), from }]
  },
  answer(db, [rows], asked) {
    const found = toKept(db, (rows as OrderedRow[]).toSorted(byAge))
    return asked.map(({ author, completions }) =>
      found.filter((stamp) => completions.includes(stamp.contextId) && (author ?? stamp.author) === stamp.author),
    )
  },
})

interface OrderedRow {
  id: string
  created_at: string | null
  stamp_index?: number | null
}

/** As SQL orders them: what is null comes first. */
function byAge(a: OrderedRow, b: OrderedRow): number {
  return (
    compare(a.created_at ?? '', b.created_at ?? '') ||
    (a.stamp_index ?? -Infinity) - (b.stamp_index ?? -Infinity) ||
    compare(a.id, b.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
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
  return toKept(db, rows)
}

function toKept(db: CommonsDb, rows: readonly object[]): KeptStamp[] {
  return wellFormed(db, 'stamps', StampRow, rows).map((row) => ({
    id: row.id,
    author: row.author,
    subject: row.subject,
    valence: row.valence,
    confidence: row.confidence ?? 1,
    severity: SEVERITIES.find((severity) => severity === row.severity) ?? 'leaf',
    contextId: row.context_id ?? '',
    skillTags: row.skill_tags ?? [],
    message: row.message ?? null,
    hopUri: row.hop_uri ?? '',
    createdAt: row.created_at.slice(0, 19),
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

/** The fields of a stamp that a reply shows. */
export interface StampView {
  id: string
  author: string
  subject: string
  valence: Record<string, unknown>
  confidence: number
  severity: string
  message: string | null
  skills: readonly string[]
}

/** The stamps on a completion, each author's latest: a correction replaces the earlier stamp. */
export async function stampsOn(db: CommonsDb, completion: string): Promise<StampView[]> {
  const latest = new Map((await stampsBy(db, undefined, [completion])).map((stamp) => [stamp.author, stamp]))
  return [...latest.values()].map(({ skillTags: skills, ...stamp }) => ({ ...stamp, skills }))
}

/** Writes a stamp at the end of its subject's passbook. */
export const insertStamp = batchedWrite(async (db, stamps: readonly Stamp[]) => {
  const subjects = [...new Set(stamps.map(({ subject }) => subject))]
  const found = await Promise.all(subjects.map((subject) => lastStampOf(db, subject)))
  const ends = new Map(subjects.map((subject, n) => [subject, found[n]]))
  const rows = stamps.map((stamp) => {
    const place = nextPlace(ends.get(stamp.subject))
    ends.set(stamp.subject, { id: stamp.id, stampIndex: place.stampIndex })
    return present(db, 'stamps', rowOf(stamp, place))
  })
  await db.sql.insertInto('stamps').values(rows).execute()
})

function rowOf(stamp: Stamp, place: PassbookPlace) {
  return {
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
  }
}

interface PassbookEnd {
  id: string
  stampIndex: number
}

/** The end of a subject's passbook. Peers write stamps without an index: those are ordered by time. */
export const lastStampOf = joinedRead<string, PassbookEnd | undefined>({
  tables: ['stamps'],
  queries: (db, subjects) => [hasIndex(db) ? indexedEnds(db, subjects) : chains(db, subjects)],
  async answer(db, [rows], subjects) {
    const ends = hasIndex(db) ? await readEnds(db, rows as EndRow[]) : endsOf(rows as ChainRow[])
    return subjects.map((subject) => ends.get(subject))
  },
})

function hasIndex(db: CommonsDb): boolean {
  return db.columns.get('stamps')?.has('stamp_index') === true
}

/** The largest index that counts: with the column's maximum in a peer's row no stamp could follow. */
const LAST_PLACE = 1_000_000_000

interface EndRow {
  subject: string
  id: string
  stamp_index: number | null
}

function indexedEnds(db: CommonsDb, subjects: readonly string[]): RowQuery {
  const place = sql<number>`ROW_NUMBER() OVER (PARTITION BY subject ORDER BY stamp_index DESC, created_at DESC, id DESC)`
  const ordered = db.sql
    .selectFrom('stamps')
    .select(['subject', 'id', 'stamp_index', place.as('place')])
    .where('subject', 'in', subjects)
    .where((either) => either.or([either('stamp_index', 'is', null), either.between('stamp_index', 0, LAST_PLACE)]))
  return {
    columns: ['subject', 'id', 'stamp_index'],
    from: db.sql.selectFrom(ordered.as('ordered')).where('place', '=', 1),
  }
}

async function readEnds(db: CommonsDb, rows: readonly EndRow[]): Promise<Map<string, PassbookEnd>> {
  const ends = new Map<string, PassbookEnd>()
  for (const { subject, id, stamp_index } of rows)
    ends.set(subject, { id, stampIndex: stamp_index ?? (await countOf(db, subject)) - 1 })
  return ends
}

async function countOf(db: CommonsDb, subject: string): Promise<number> {
  const counted = await db.sql
    .selectFrom('stamps')
    .select((count) => count.fn.countAll().as('n'))
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow()
  return Number(counted.n)
}

interface ChainRow {
  subject: string
  id: string
  prev_stamp_hash: string | null
  created_at: string | null
}

function chains(db: CommonsDb, subjects: readonly string[]): RowQuery {
  return {
    columns: presentIn(db, 'stamps', ['subject', 'id', 'prev_stamp_hash', 'created_at']),
    from: db.sql.selectFrom('stamps').where('subject', 'in', subjects),
  }
}

function endsOf(rows: readonly ChainRow[]): Map<string, PassbookEnd> {
  const ends = [...Map.groupBy(rows.toSorted(byAge), (row) => row.subject)].map(([subject, chain]) => {
    // Two stamps of one second are ordered by the hash chain alone: its end is the stamp that no other names.
    const named = new Set(chain.map((row) => row.prev_stamp_hash))
    const end = chain.findLast((row) => !named.has(sha256(row.id))) ?? chain.at(-1)!
    return [subject, { id: end.id, stampIndex: chain.length - 1 }] as const
  })
  return new Map(ends)
}

/** An id that fits into a commit's trailer. A peer may have given a stamp any id. */
const NAMEABLE = /^[\w.:-]{1,64}$/

/** The stamps that these rigs gave each other, oldest first; ids that do not fit into a trailer are left out. */
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
