import DataLoader from 'dataloader'
import { type AliasedRawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { createBatcher } from '../../ops/batcher.ts'
import { Unavailable } from '../../domain/errors.ts'
import { isConnectionLoss } from '../connect.ts'
import { LOST_MS, MOST_ROWS } from './batch.ts'
import type { Commons, CommonsDb, JoinedAsker } from './types.ts'

/*
 * Reads by key that are one statement where they are made at the same moment, whatever their tables: a UNION ALL, whose
 * columns are all text. A statement sees one state of the ledger, and tells on demand which commit that is.
 */

/** The rows of one table that a read asks for. */
export interface RowQuery {
  columns: readonly string[]
  from: { select(selected: readonly Selected[]): unknown }
}

/** A row as a statement yields it: times and JSON as text, and as numbers the columns that hold some. */
export type Row<Column extends string = string> = Record<Column, string | null>

export interface RowRead<K, V> {
  /** The tables that it reads; a write to another leaves its answers as they are. */
  tables: readonly (keyof Commons)[]
  queries(db: CommonsDb, keys: readonly K[]): readonly RowQuery[]
  /** The answers in the order of the keys. `rows`: those of each query, in no order. */
  answer(db: CommonsDb, rows: readonly object[][], keys: readonly K[]): readonly V[] | Promise<readonly V[]>
}

interface JoinedKey {
  read: RowRead<unknown, unknown>
  key: unknown
  withHead: boolean
}

interface JoinedAnswer {
  value: unknown
  head: string | undefined
}

/**
 * A read by key. Within a transaction it is asked once, until the transaction writes to its tables.
 *
 * @param read of rows, by keys that JSON tells apart
 */
export function joinedRead<K, V>(read: RowRead<K, V>): (db: CommonsDb, key: K) => Promise<V> {
  const known = read as RowRead<unknown, unknown>
  return async (db, key) => {
    const { value, head } = await askOf(db, { read: known, key, withHead: db.saw !== undefined })
    if (head !== undefined) db.saw?.(head)
    return value as V
  }
}

const NOTHING: RowRead<unknown, unknown> = { tables: [], queries: () => [], answer: (_, _rows, keys) => keys }

/** The hash of the commit that reads of this moment see. */
export async function headOf(db: CommonsDb): Promise<string> {
  return (await askOf(db, { read: NOTHING, key: null, withHead: true })).head!
}

async function askOf(db: CommonsDb, asked: JoinedKey): Promise<JoinedAnswer> {
  const { batch } = db
  if (batch === undefined) return (await askAll(db, [asked]))[0]!
  batch.joined ??= inTransaction(db)
  return batch.joined.ask(asked) as Promise<JoinedAnswer>
}

/** The asker of reads outside a transaction, whoever asks. */
export function joinOverTime(db: CommonsDb): JoinedAsker {
  const ask = createBatcher((asked: readonly JoinedKey[]) => askApart(db, asked), { most: MOST_ROWS, waitsMs: LOST_MS })
  return { ask: (asked) => ask(asked as JoinedKey), forget() {} }
}

function inTransaction(db: CommonsDb): JoinedAsker {
  const loader = new DataLoader<JoinedKey, JoinedAnswer>((asked) => askAll(db, asked), {
    cache: false,
    maxBatchSize: MOST_ROWS,
  })
  const asked = new Map<RowRead<unknown, unknown>, Map<string, Promise<JoinedAnswer>>>()
  return {
    ask(wanted) {
      const one = wanted as JoinedKey
      const ofRead = asked.get(one.read) ?? new Map<string, Promise<JoinedAnswer>>()
      asked.set(one.read, ofRead)
      const name = JSON.stringify([one.key, one.withHead])
      const answer = ofRead.get(name) ?? loader.load(one)
      ofRead.set(name, answer)
      return answer
    },
    forget(table) {
      for (const read of asked.keys())
        if (table === undefined || read.tables.some((name) => name === table)) asked.delete(read)
    },
  }
}

/** Asks all in one statement; where that fails, each read in its own: one that fails must not fail the others. */
async function askApart(db: CommonsDb, asked: readonly JoinedKey[]): Promise<(JoinedAnswer | Error)[]> {
  try {
    return await askAll(db, asked)
  } catch (error) {
    const reads = Map.groupBy(asked, ({ read }) => read)
    if (reads.size === 1 || error instanceof Unavailable || isConnectionLoss(error)) throw error
    const answered = [...reads].map(async ([read, keys]) => {
      const alone = await askAll(db, keys).catch((reason: Error) => keys.map(() => reason))
      return [read, alone.values()] as const
    })
    const answers = new Map(await Promise.all(answered))
    return asked.map(({ read }) => answers.get(read)!.next().value!)
  }
}

/** Asks all in one statement. */
async function askAll(db: CommonsDb, asked: readonly JoinedKey[]): Promise<JoinedAnswer[]> {
  const reads = [...Map.groupBy(asked, ({ read }) => read)].map(([read, of]) => {
    const keys = [...new Map(of.map(({ key }) => [JSON.stringify(key), key])).values()]
    return { read, keys, queries: read.queries(db, keys) }
  })
  const withHead = asked.some((one) => one.withHead)
  const { head, rows } = await execute(
    db,
    reads.flatMap(({ queries }) => queries),
    withHead,
  )
  const answers = new Map<RowRead<unknown, unknown>, Map<string, unknown>>()
  let first = 0
  for (const { read, keys, queries } of reads) {
    const values = await read.answer(db, rows.slice(first, first + queries.length), keys)
    answers.set(read, new Map(keys.map((key, n) => [JSON.stringify(key), values[n]])))
    first += queries.length
  }
  return asked.map(({ read, key }) => ({ value: answers.get(read)!.get(JSON.stringify(key)), head }))
}

/** `of`: the number of the query that a row is of. */
type UnionRow = { of: number } & Record<string, string | null>
type UnionQuery = SelectQueryBuilder<Commons, never, UnionRow>
type Selected = AliasedRawBuilder<unknown, string>

async function execute(
  db: CommonsDb,
  queries: readonly RowQuery[],
  withHead: boolean,
): Promise<{ head: string | undefined; rows: object[][] }> {
  const width = Math.max(1, ...queries.map(({ columns }) => columns.length))
  const selected = (of: number, values: readonly unknown[]): Selected[] => [
    sql`${sql.lit(of)}`.as('of'),
    ...Array.from({ length: width }, (_, n) => (n < values.length ? sql`${values[n]}` : sql`NULL`).as(`c${n}`)),
  ]
  const asked = queries.map(({ columns, from }, of) => {
    // Cast by ourselves: what a UNION of other types yields differs between versions of Dolt, and JSON would be cut.
    const texts = columns.map((name) => sql`CAST(${sql.ref(name)} AS CHAR)`)
    return from.select(selected(of, texts)) as UnionQuery
  })
  if (withHead) asked.unshift(db.sql.selectNoFrom(selected(HEAD, [sql`DOLT_HASHOF('HEAD')`])) as unknown as UnionQuery)
  const [first, ...others] = asked
  if (first === undefined) return { head: undefined, rows: [] }
  const found = await others.reduce((all, query) => all.unionAll(query), first).execute()
  const ofQuery = Map.groupBy(found, ({ of }) => of)
  return {
    head: ofQuery.get(HEAD)?.[0]?.['c0'] ?? undefined,
    rows: queries.map(({ columns }, of) => (ofQuery.get(of) ?? []).map((row) => named(columns, row))),
  }
}

const HEAD = -1
const NUMBERS = new Set(['priority', 'trust_level', 'confidence', 'stamp_index'])

function named(columns: readonly string[], row: UnionRow): object {
  return Object.fromEntries(columns.map((name, n) => [name, valueOf(name, row[`c${n}`] ?? null)]))
}

/** Text that is no number stays text, which no schema takes for one. */
function valueOf(name: string, text: string | null): string | number | null {
  if (text === null || !NUMBERS.has(name)) return text
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? text : number
}
