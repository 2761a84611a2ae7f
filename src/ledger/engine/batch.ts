import DataLoader from 'dataloader'
import { type RawBuilder, sql } from 'kysely'
import { createBatcher } from '../../ops/batcher.ts'
import type { CommonsDb, BatchContext } from './types.ts'
/** The largest number of rows in a statement; more gain nothing. */
export const MOST_ROWS = 200
/** mysql2 reports no error for a connection that fell silent: a query on it may never be answered. */
export const LOST_MS = 5_000

type Run<K, V> = (db: CommonsDb, keys: readonly K[]) => Promise<readonly V[]>

/** A batched read: the calls of one batch become one statement. `run` answers in the order of its keys. */
export function batchedRead<K, V>(run: Run<K, V>): (db: CommonsDb, key: K) => Promise<V> {
  return async (db, key) => (db.batch === undefined ? (await run(db, [key]))[0]! : askerOf(db, db.batch, run)(key))
}

/**
 * A batched write: the calls of one batch become one statement. `run` throws LedgerMismatch unless every row was
 * written.
 */
export function batchedWrite<K>(
  run: (db: CommonsDb, rows: readonly K[]) => Promise<void>,
): (db: CommonsDb, row: K) => Promise<void> {
  const answered = async (db: CommonsDb, rows: readonly K[]) => {
    await run(db, rows)
    return rows.map(() => undefined)
  }
  const write = batchedRead(answered)
  return async (db, row) => {
    db.wrote?.()
    await write(db, row)
  }
}

function askerOf<K, V>(
  db: CommonsDb,
  { askers, batchesOverTime = false }: BatchContext,
  run: Run<K, V>,
): (key: K) => Promise<V> {
  const known = askers.get(run) as ((key: K) => Promise<V>) | undefined
  if (known !== undefined) return known
  const made = batchesOverTime
    ? createBatcher((keys: readonly K[]) => run(db, keys), { most: MOST_ROWS, waitsMs: LOST_MS })
    : askPerTick(db, run)
  askers.set(run, made as (key: unknown) => Promise<unknown>)
  return made
}

function askPerTick<K, V>(db: CommonsDb, run: Run<K, V>): (key: K) => Promise<V> {
  const loader = new DataLoader<K, V>((keys) => run(db, keys), { cache: false, maxBatchSize: MOST_ROWS })
  return (key) => loader.load(key)
}

/** The value of all of these rows, or where they differ a SQL CASE with the value of each, by id. */
export function byId<T extends { id: string }, V>(rows: readonly T[], value: (row: T) => V): RawBuilder<V> {
  const values = rows.map(value)
  const [first, ...others] = values
  // A CASE of many is slow: Dolt compares each row's id with all of them.
  if (values.length > 0 && others.every((other) => other === first)) return sql<V>`${first}`
  const cases = rows.map((row, n) => sql`WHEN ${row.id} THEN ${values[n]}`)
  return sql<V>`CASE id ${sql.join(cases, sql` `)} END`
}

/** Groups rows that one statement can change: those with the same `kind`. */
export function inKinds<T>(rows: readonly T[], kind: (row: T) => string): T[][] {
  return [...Map.groupBy(rows, kind).values()]
}
