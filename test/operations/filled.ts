import { type Kysely, sql } from 'kysely'
import type { Operations } from '../../src/operations/schema.ts'

/** A value of each type that our columns have; another for each `n`. */
const VALUES: Record<string, (n: number) => unknown> = {
  text: (n) => `text ${n}`,
  bigint: (n) => n,
  integer: (n) => n,
  boolean: (n) => n === 1,
  jsonb: (n) => JSON.stringify({ n }),
  uuid: (n) => `00000000-0000-4000-8000-00000000000${n}`,
  'timestamp with time zone': (n) => `2026-01-0${n}T00:00:00.123456Z`,
  ARRAY: (n) => `{2026-01-0${n}T00:00:00.123456Z,2026-01-1${n}T00:00:00.123456Z}`,
}

export type Columns = Map<string, { column: string; type: string }[]>

/** The columns of our tables, in their order. */
export async function columnsOf(db: Kysely<Operations>): Promise<Columns> {
  const { rows } = await sql<{ table_name: string; column_name: string; data_type: string }>`
    SELECT table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%' AND table_name <> 'migration_checksums'
     ORDER BY table_name, ordinal_position`.execute(db)
  const tables: Columns = new Map()
  for (const row of rows)
    tables.set(row.table_name, [
      ...(tables.get(row.table_name) ?? []),
      { column: row.column_name, type: row.data_type },
    ])
  return tables
}

/** Puts two rows into each table. */
export async function fill(db: Kysely<Operations>, tables: Columns) {
  for (const [table, columns] of tables)
    for (const n of [1, 2]) {
      const values = sql.join(columns.map(({ type }) => VALUES[type]!(n)))
      await sql`INSERT INTO ${sql.table(table)} VALUES (${values})`.execute(db)
    }
}

/** The rows of each table, as text, in the columns that are given. */
export async function rowsOf(db: Kysely<Operations>, tables: Columns): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const [table, columns] of tables) {
    const row = sql.join(columns.map(({ column }) => sql.ref(column)))
    const { rows } = await sql<{
      row: string
    }>`SELECT ROW(${row})::text AS row FROM ${sql.table(table)} ORDER BY 1`.execute(db)
    all[table] = rows.map((one) => one.row)
  }
  return all
}
