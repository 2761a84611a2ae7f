import type { SheetStamp, SheetWork } from '../reputation/sheet.ts'
import { jsonText, SheetStampRow, textOf, timeOf, wellFormed } from './rows.ts'
import type { CommonsDb } from './tables.ts'

/** Everything a rig submitted that is still in the ledger, with what became of its item. */
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

/** The stamps on a rig's work, in passbook order. An imported profile is nobody's word and no stamp here. */
export async function stampsOf(db: CommonsDb, rig: string): Promise<SheetStamp[]> {
  const isTyped = db.columns.get('stamps')?.has('stamp_type') === true
  let stamps = db.sql
    .selectFrom('stamps')
    .select(['id', 'author', 'context_id', jsonText('valence'), jsonText('skill_tags'), 'created_at'])
    .where('subject', '=', rig)
    .where((or) => or.or([or('context_type', 'is', null), or('context_type', '!=', 'boot_block')]))
    .orderBy('created_at')
  if (isTyped)
    stamps = stamps.where((or) => or.or([or('stamp_type', 'is', null), or('stamp_type', '!=', 'boot_block')]))
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
