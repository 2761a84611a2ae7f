import { sql } from 'kysely'
import type { CommonsDb } from '../engine/types.ts'

/** One commit as `dolt log` shows it. */
export interface ShownCommit {
  hash: string
  author: string
  mail: string
  message: string
}

/** Main's commits, newest first. */
export async function showLog(db: CommonsDb, limit: number): Promise<ShownCommit[]> {
  const { rows } = await sql<Record<string, string | undefined>>`SELECT * FROM dolt_log LIMIT ${limit}`.execute(db.sql)
  // Dolt 1.x has one person a commit, as committer.
  return rows.map((row) => ({
    hash: row['commit_hash'] ?? '',
    author: row['author'] ?? row['committer'] ?? '',
    mail: row['author_email'] ?? row['email'] ?? '',
    message: row['message'] ?? '',
  }))
}

/** Every row of a table, its empty columns left out. */
export async function showRows(
  db: CommonsDb,
  table: 'rigs' | 'wanted' | 'completions' | 'stamps',
): Promise<Record<string, unknown>[]> {
  const rows = await db.sql.selectFrom(table).selectAll().execute()
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== '')),
  )
}
