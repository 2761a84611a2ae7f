import type { SheetStamp, SheetWork } from '../../reputation/sheet.ts'
import { jsonText, SheetStampRow, textOf, timeOf, wellFormed } from '../engine/rows.ts'
import type { CommonsDb } from '../engine/types.ts'

/** Everything a rig submitted that is still in the ledger, with the state of its item. */
export async function workOf(db: CommonsDb, rig: string): Promise<SheetWork[]> {
  const rows = await db.sql
    .selectFrom('completions')
    .leftJoin('wanted', 'wanted.id', 'completions.wanted_id')
    .select(['completions.id', 'completions.stamp_id', 'completions.completed_at', 'wanted.title', 'wanted.status'])
    .where('completions.completed_by', '=', rig)
    .orderBy('completions.id')
    .execute()
  return rows.map((row) => ({
    completion: row.id,
    title: textOf(row.title) ?? '',
    linked: row.stamp_id !== null && row.stamp_id !== '',
    completed: row.status === 'completed',
    at: timeOf(row.completed_at),
  }))
}

/** All stamps except those of imported profiles, which no person gave. */
export function byHand(db: CommonsDb) {
  const stamps = db.sql
    .selectFrom('stamps')
    .where((or) => or.or([or('stamps.context_type', 'is', null), or('stamps.context_type', '!=', 'boot_block')]))
  if (db.columns.get('stamps')?.has('stamp_type') !== true) return stamps
  return stamps.where((or) => or.or([or('stamps.stamp_type', 'is', null), or('stamps.stamp_type', '!=', 'boot_block')]))
}

/** The stamps on a rig's work, in passbook order, without those of imported profiles. */
export async function stampsOf(db: CommonsDb, rig: string): Promise<SheetStamp[]> {
  let stamps = byHand(db)
    .select(['id', 'author', 'context_id', jsonText('valence'), jsonText('skill_tags'), 'created_at'])
    .where('subject', '=', rig)
    .orderBy('created_at')
  if (db.columns.get('stamps')?.has('stamp_index') === true) stamps = stamps.orderBy('stamp_index')
  const rows = await stamps.orderBy('id').execute()
  return wellFormed(db, 'stamps', SheetStampRow, rows).map((row) => ({
    id: row.id,
    author: row.author,
    completion: textOf(row.context_id),
    valence: row.valence,
    skills: row.skill_tags ?? [],
  }))
}
