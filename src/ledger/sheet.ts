import type { SheetStamp, SheetWork } from '../reputation/sheet.ts'
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
    title: row.title ?? '',
    linked: row.stamp_id !== null && row.stamp_id !== '',
    completed: row.status === 'completed',
    at: (row.completed_at ?? '').slice(0, 19),
  }))
}

/** The stamps on a rig's work, in passbook order. An imported profile is nobody's word and no stamp here. */
export async function stampsOf(db: CommonsDb, rig: string): Promise<SheetStamp[]> {
  const isTyped = db.columns.get('stamps')?.has('stamp_type') === true
  let stamps = db.sql
    .selectFrom('stamps')
    .select(['id', 'author', 'context_id', 'valence', 'skill_tags'])
    .where('subject', '=', rig)
    .where((or) => or.or([or('context_type', 'is', null), or('context_type', '!=', 'boot_block')]))
    .orderBy('created_at')
  if (isTyped)
    stamps = stamps.where((or) => or.or([or('stamp_type', 'is', null), or('stamp_type', '!=', 'boot_block')]))
  if (db.columns.get('stamps')?.has('stamp_index') === true) stamps = stamps.orderBy('stamp_index')
  const rows = await stamps.orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    author: row.author,
    completion: row.context_id === '' ? null : row.context_id,
    valence: row.valence,
    skills: Array.isArray(row.skill_tags) ? row.skill_tags.filter((name) => typeof name === 'string') : [],
  }))
}
