import { joinedRead, type Row } from '../engine/joined-read.ts'
import { type WantedDetails, EFFORTS, type Wanted, type WantedStatus } from '../../domain/wanted.ts'
import type { CommonsDb } from '../engine/types.ts'
import { sql } from 'kysely'
import { known, presentIn } from '../engine/tables.ts'
import { textOf, numberOf, wordsOf } from '../engine/rows.ts'

/** Items that a rig has claimed and not yet submitted. */
export const claimsOf = joinedRead<string, string[]>({
  tables: ['wanted'],
  queries: (db, rigs) => [
    {
      columns: ['id', 'claimed_by'],
      from: db.sql.selectFrom('wanted').where('claimed_by', 'in', rigs).where('status', '=', 'claimed'),
    },
  ],
  answer(_, [rows], rigs) {
    const claims = (rows as Row<'id' | 'claimed_by'>[]).toSorted((a, b) => (a.id! < b.id! ? -1 : 1))
    return rigs.map((rig) => claims.filter((row) => row.claimed_by === rig).map((row) => row.id!))
  },
})

const DETAILS = [
  'id',
  'title',
  'description',
  'status',
  'type',
  'priority',
  'tags',
  'effort_level',
  'posted_by',
  'claimed_by',
  'created_at',
  'updated_at',
] as const

export const describeWanted = joinedRead<string, WantedDetails | undefined>({
  tables: ['wanted'],
  queries: (db, ids) => [
    { columns: presentIn(db, 'wanted', DETAILS), from: db.sql.selectFrom('wanted').where('id', 'in', ids) },
  ],
  answer: (_, [rows], ids) =>
    ids.map((id) => (rows as WantedRow[]).find((row) => row.id === id)).map((row) => row && toDetails(row)),
})

/** Every item that is claimed and not yet submitted. */
export async function claimedItems(db: CommonsDb): Promise<WantedDetails[]> {
  return (await detailed(db).where('status', '=', 'claimed').orderBy('id').execute()).map(toDetails)
}

/** Every item that a rig has claimed, submitted or not. */
export async function heldItems(db: CommonsDb, rig: string): Promise<WantedDetails[]> {
  return (await detailed(db).where('claimed_by', '=', rig).orderBy('id').execute()).map(toDetails)
}

/** The newest open items, with a tag only those that have it, and their total number. */
export async function openItems(
  db: CommonsDb,
  tag: string | undefined,
  limit: number,
): Promise<{ items: WantedDetails[]; total: number }> {
  const tagged = sql<boolean>`(${tag ?? null} IS NULL OR JSON_CONTAINS(LOWER(tags), ${JSON.stringify(tag ?? '')}))`
  const rows = await detailed(db)
    .where('status', '=', 'open')
    .where(tagged)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  const counted = await db.sql
    .selectFrom('wanted')
    .select((of) => of.fn.countAll().as('n'))
    .where('status', '=', 'open')
    .where(tagged)
    .executeTakeFirstOrThrow()
  return { items: rows.map(toDetails), total: Number(counted.n) }
}

/** The number of open items that a rig posted. */
export async function countOpenPosts(db: CommonsDb, rig: string): Promise<number> {
  const counted = await db.sql
    .selectFrom('wanted')
    .select((of) => of.fn.countAll().as('n'))
    .where('posted_by', '=', rig)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(counted.n)
}

function detailed(db: CommonsDb) {
  return db.sql.selectFrom('wanted').select(known(db, 'wanted', DETAILS))
}

type WantedRow = NonNullable<Awaited<ReturnType<ReturnType<typeof detailed>['executeTakeFirst']>>>

function toDetails(row: WantedRow): WantedDetails {
  return {
    ...toWanted(row),
    description: textOf(row.description) ?? '',
    type: textOf(row.type),
    priority: numberOf(row.priority, 2),
    tags: wordsOf(row.tags),
    effort: EFFORTS.find((effort) => effort === row.effort_level) ?? 'medium',
    createdAt: textOf(row.created_at),
    updatedAt: textOf(row.updated_at),
  }
}

export function toWanted(row: Pick<WantedRow, 'id' | 'title' | 'status' | 'posted_by' | 'claimed_by'>): Wanted {
  return {
    id: row.id,
    title: textOf(row.title) ?? '',
    // An unknown status of somebody else's is kept, and matches no transition.
    status: (textOf(row.status) ?? 'open') as WantedStatus,
    postedBy: textOf(row.posted_by),
    claimedBy: textOf(row.claimed_by),
  }
}
