import type { EarnedStamp } from '../../domain/earned.ts'
import { DIMENSIONS } from '../../domain/stamp.ts'
import { jsonText, SheetStampRow, textOf, wellFormed } from '../engine/rows.ts'
import { byHand } from './sheet.ts'
import type { CommonsDb } from '../engine/types.ts'

/** A stamp with all of its valence, and the whole evidence line of the work. */
type EarnedRow = Omit<EarnedStamp, 'evidence'> & { evidence: string | null }

/**
 * The stamps on a rig's work, the newest first; of each author the latest on one work, because a correction replaces
 * the earlier stamp.
 */
export async function earnedBy(db: CommonsDb, rig: string): Promise<EarnedRow[]> {
  const stamps = byHand(db)
    .leftJoin('completions', 'completions.id', 'stamps.context_id')
    .leftJoin('wanted', 'wanted.id', 'completions.wanted_id')
    .select(['stamps.id', 'stamps.author', 'stamps.context_id', jsonText('valence'), jsonText('skill_tags')])
    .select(['stamps.created_at', 'completions.evidence', 'wanted.id as item', 'wanted.title'])
    .where('stamps.subject', '=', rig)
    .orderBy('stamps.created_at', 'desc')
  // Stamps of the same second have no order but the passbook's.
  const isIndexed = db.columns.get('stamps')?.has('stamp_index') === true
  const ordered = isIndexed ? stamps.orderBy('stamps.stamp_index', 'desc') : stamps
  const rows = await ordered.orderBy('stamps.id').execute()
  const more = new Map(rows.map((row) => [row.id, row]))
  const latest = new Map<string, EarnedRow>()
  for (const row of wellFormed(db, 'stamps', SheetStampRow, rows)) {
    const key = `${row.author.toLowerCase()} ${textOf(row.context_id) ?? row.id}`
    if (latest.has(key)) continue
    const { item, title, evidence } = more.get(row.id)!
    latest.set(key, {
      id: row.id,
      item: textOf(item) ?? '',
      title: textOf(title) ?? '',
      scores: scoresOf(row.valence),
      by: row.author,
      day: row.created_at.slice(0, 10),
      evidence: textOf(evidence),
    })
  }
  return [...latest.values()]
}

function scoresOf(valence: Readonly<Record<string, unknown>>): Record<string, number> {
  const given = DIMENSIONS.filter((name) => typeof valence[name] === 'number')
  return Object.fromEntries(given.map((name) => [name, valence[name] as number]))
}
