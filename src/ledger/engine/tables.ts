import { jsonText } from './rows.ts'
import type { CommonsDb, Commons } from './types.ts'

/** The database of LEDGER_URL at a branch; LEDGER_URL may have named another branch itself. */
export function atBranch({ database }: Pick<CommonsDb, 'database'>, branch: string): string {
  return `${database.split('/')[0]}/${branch}`
}

/** Keeps only the values whose column this commons has. `db.dropped` is called for the others, except for nulls. */
export function present<T extends object>(db: CommonsDb, table: keyof Commons, values: T): T {
  const columns = db.columns.get(table)
  const isThere = ([name, value]: [string, unknown]) => {
    if (columns?.has(name) === true) return true
    if (value !== null && value !== undefined) db.dropped?.(table, name)
    return false
  }
  return Object.fromEntries(Object.entries(values).filter(isThere)) as T
}

const JSON_COLUMNS = new Set(['valence', 'skill_tags', 'tags'])

/** The columns of these that this commons has. */
export function presentIn<T extends string>(db: CommonsDb, table: keyof Commons, names: readonly T[]): T[] {
  return names.filter((name) => db.columns.get(table)?.has(name))
}

/**
 * Keeps of these columns the ones that this commons has, for a select; JSON comes as text (`jsonText`). A row lacks the
 * others, whatever its type says.
 */
export function known<T extends string>(db: CommonsDb, table: keyof Commons, names: readonly T[]): T[] {
  return presentIn(db, table, names).map((name) => (JSON_COLUMNS.has(name) ? (jsonText(name) as unknown as T) : name))
}

/** A guarded write changed another number of rows than the decision expected: somebody else wrote in between. */
export class LedgerMismatch extends Error {
  override name = 'LedgerMismatch'
}

interface Changed {
  numUpdatedRows?: bigint
  numDeletedRows?: bigint
}

/** Throws LedgerMismatch unless exactly one row was changed. */
export function expectOne(result: Changed, what: string): void {
  expectAll(result, [what])
}

/** Throws LedgerMismatch unless exactly these rows were changed. */
export function expectAll(result: Changed, what: readonly string[]): void {
  const rows = result.numUpdatedRows ?? result.numDeletedRows ?? 0n
  if (rows !== BigInt(what.length))
    throw new LedgerMismatch(`${what.join(', ')}: ${rows} rows instead of ${what.length}`)
}
