import {
  type Compilable,
  type CompiledQuery,
  InsertQueryNode,
  type Kysely,
  type OperationNodeSource,
  sql,
  TableNode,
} from 'kysely'
import type { Operations } from '../schema.ts'

/** An insert into the ledger's index. */
export type IndexWrite = Compilable & OperationNodeSource

/** The largest number of rows in a statement. */
const ROWS = 1000
/** Postgres counts the parameters of a statement in 16 bits. */
const MOST_PARAMETERS = 60_000

/** The last row of each key: one statement may not write a row twice. */
export function latest<T>(rows: readonly T[], key: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()]
}

/** Rows of one statement each. */
export function chunks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, n) => rows.slice(n * ROWS, (n + 1) * ROWS))
}

/**
 * Writes all or nothing, in one statement; `first` is its main query, which Postgres runs before those of `WITH`.
 * Undefined where two write to one table, which a statement may not, and where it would be too long.
 */
export function inOneStatement(
  db: Kysely<Operations>,
  first: IndexWrite,
  others: readonly IndexWrite[],
): CompiledQuery | undefined {
  const tables = new Set([first, ...others].map(tableOf))
  if (tables.size <= others.length || tables.has(undefined)) return undefined
  const named = others.map((write, n) => sql`${sql.ref(`write${n}`)} AS (${write})`)
  const all = (named.length === 0 ? sql`${first}` : sql`WITH ${sql.join(named)} ${first}`).compile(db)
  return all.parameters.length > MOST_PARAMETERS ? undefined : all
}

function tableOf(write: IndexWrite): string | undefined {
  const node = write.toOperationNode()
  return InsertQueryNode.is(node) && node.into !== undefined && TableNode.is(node.into)
    ? node.into.table.identifier.name
    : undefined
}
