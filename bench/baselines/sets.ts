import { commitMessage } from '../../src/domain/commit-message.ts'
import { commitAuthor } from '../../src/domain/rig.ts'
import { nextPlace } from '../../src/domain/stamp.ts'
import { ledgerTime } from '../../src/domain/time.ts'
import type { LedgerSql } from '../ledger-rows.ts'
import { AT, type StoredStamp } from '../stored-stamp.ts'
import { stampOf, stampRow } from './by-hand.ts'

/**
 * Stamps by hand in sets of one author: three statements and one Dolt commit a set. The ends of the passbooks are kept
 * in mind, as whoever knows that nobody else writes could.
 */
export async function setsByHand(sql: LedgerSql, stamps: readonly StoredStamp[], size: number): Promise<void> {
  const ends = new Map<string, { id: string; stampIndex: number }>()
  const byAuthor = Map.groupBy(stamps, ({ stamper }) => stamper.id)
  for (const own of byAuthor.values())
    for (let start = 0; start < own.length; start += size) await writeSet(sql, own.slice(start, start + size), ends)
}

async function writeSet(
  sql: LedgerSql,
  set: readonly StoredStamp[],
  ends: Map<string, { id: string; stampIndex: number }>,
): Promise<void> {
  const rows = set.map((stored) => {
    const stamp = stampOf(stored)
    const place = nextPlace(ends.get(stamp.subject))
    ends.set(stamp.subject, { id: stamp.id, stampIndex: place.stampIndex })
    return stampRow(stamp, place)
  })
  const { stamper } = set[0]!
  await sql.query('START TRANSACTION')
  await sql.query('INSERT INTO stamps (??) VALUES ?', [Object.keys(rows[0]!), rows.map((row) => Object.values(row))])
  const cases = rows.map(() => 'WHEN ? THEN ?').join(' ')
  await changeAll(
    sql,
    `UPDATE completions SET stamp_id = CASE id ${cases} END, validated_by = ?, validated_at = ?
      WHERE id IN (?) AND stamp_id IS NULL`,
    [
      ...rows.flatMap((row) => [row.context_id, row.id]),
      stamper.login,
      ledgerTime(AT),
      rows.map((row) => row.context_id),
    ],
    set.length,
  )
  await changeAll(
    sql,
    `UPDATE wanted SET status = 'completed', updated_at = ? WHERE id IN (?) AND status = 'in_review'`,
    [ledgerTime(AT), set.map(({ work }) => work.wantedId)],
    set.length,
  )
  const message = set.map(({ work }) => `wl accept: ${work.wantedId}`).join('\n')
  await sql.query(`CALL DOLT_COMMIT('-Am', ?, '--author', ?, '--skip-empty')`, [
    commitMessage(`wl accept: ${set.length} items`, {}) + `\n\n${message}`,
    commitAuthor(stamper),
  ])
  await sql.query('COMMIT')
}

async function changeAll(sql: LedgerSql, statement: string, values: unknown[], count: number): Promise<void> {
  const [{ affectedRows }] = (await sql.query(statement, values)) as unknown as [{ affectedRows: number }]
  if (affectedRows !== count) throw new Error(`${affectedRows} rows instead of ${count}: ${statement.slice(0, 40)}`)
}
