import { readFileSync } from 'node:fs'

const SCHEMAS = new URL('../../../schema/', import.meta.url)

/** A table as `schema/<file>` defines it. */
export interface TableSchema {
  name: string
  /** `CREATE TABLE IF NOT EXISTS …` */
  create: string
  columns: { name: string; definition: string }[]
  indexes: { name: string; columns: string[]; unique: boolean }[]
  /** `CHECK (…)` */
  checks: string[]
}

/** The idempotent statements of `schema/<file>`. */
export function readSchema(file: string): string[] {
  return readFileSync(new URL(file, SCHEMAS), 'utf8')
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

const CREATE = /^CREATE TABLE IF NOT EXISTS (\w+) \(\n([\s\S]*)\n\)$/
const CHECK = /^CHECK \(.*\)$/
const INDEX = /^(INDEX|UNIQUE KEY) (\w+) \(([\w, ]+)\)$/
const COLUMN = /^`?([a-z_]+)`? ([A-Z].*)$/

/**
 * Parses the statements of `readSchema`. Each column, index and check must have a line of its own; throws on any other
 * line.
 */
export function parseSchema(statements: readonly string[]): TableSchema[] {
  return statements.map((create) => {
    const [, name, body] = CREATE.exec(create) ?? []
    if (name === undefined || body === undefined) throw new Error(`not a table of ours: ${create.slice(0, 80)}`)
    const table: TableSchema = { name, create, columns: [], indexes: [], checks: [] }
    for (const line of body.split('\n')) readLine(table, line.trim().replace(/,$/, ''))
    return table
  })
}

function readLine({ columns, indexes, checks }: TableSchema, line: string) {
  const index = INDEX.exec(line)
  const column = COLUMN.exec(line)
  if (CHECK.test(line)) checks.push(line)
  else if (index !== null)
    indexes.push({ name: index[2]!, columns: index[3]!.split(', '), unique: index[1] === 'UNIQUE KEY' })
  else if (column !== null) columns.push({ name: column[1]!, definition: column[2]! })
  else throw new Error(`neither a column, an index nor a check: ${line}`)
}
