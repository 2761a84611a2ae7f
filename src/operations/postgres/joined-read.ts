import { type Compilable, type Expression, type RawBuilder, sql } from 'kysely'
import { Unavailable } from '../../domain/errors.ts'
import { createBatcher } from '../../ops/batcher.ts'
import type { OperationsStore } from '../schema.ts'
import { settle } from './store.ts'

/*
 * Reads by key that are one statement where they are made at the same moment, whatever their tables. Rows come as JSON:
 * a time is text.
 */

export type Query<Row> = RawBuilder<Row> | (Expression<Row> & Compilable<Row>)

interface Read {
  query(store: OperationsStore, keys: readonly unknown[]): Query<unknown>
  answer(rows: readonly unknown[], keys: readonly unknown[]): readonly unknown[]
}

interface KeyOfRead {
  read: Read
  key: unknown
}

const askers = new WeakMap<OperationsStore, (asked: KeyOfRead) => Promise<unknown>>()
/** A query may hang: it delays the next no longer. */
const WAITS_MS = 1_000

/**
 * A read by key.
 *
 * @param query the rows for these keys
 * @param answer the answers in the order of the keys
 */
export function joinedRead<K, Row extends object, V>(
  query: (store: OperationsStore, keys: readonly K[]) => Query<Row>,
  answer: (rows: readonly Row[], keys: readonly K[]) => readonly V[],
): (store: OperationsStore, key: K) => Promise<V> {
  const read = { query, answer } as Read
  return (store, key) => {
    const ask = askers.get(store) ?? createBatcher((asked) => askAll(store, asked), { waitsMs: WAITS_MS })
    askers.set(store, ask)
    return ask({ read, key }) as Promise<V>
  }
}

/** The same for the rows of one pull request, by its host and its id there. */
export function joinedReadOfPullRequests<Row extends { host: string; pull_request_id: number }>(
  query: (store: OperationsStore, pulls: { hosts: string[]; ids: number[] }) => Query<Row>,
): (store: OperationsStore, host: string, pullRequestId: number) => Promise<Row[]> {
  const read = joinedRead(
    (store, pulls: readonly { host: string; id: number }[]) =>
      query(store, { hosts: [...new Set(pulls.map(({ host }) => host))], ids: pulls.map(({ id }) => id) }),
    (rows: readonly Row[], pulls) =>
      pulls.map(({ host, id }) => rows.filter((row) => row.host === host && row.pull_request_id === id)),
  )
  return (store, host, id) => read(store, { host, id })
}

async function askAll(store: OperationsStore, asked: readonly KeyOfRead[]): Promise<unknown[]> {
  const reads = [...Map.groupBy(asked, ({ read }) => read)].map(([read, of]) => ({
    read,
    keys: of.map(({ key }) => key),
  }))
  const answers = new Map((await answersOf(store, reads)).map((one, n) => [reads[n]!.read, one.values()]))
  return asked.map(({ read }) => answers.get(read)!.next().value)
}

interface KeysOfRead {
  read: Read
  keys: readonly unknown[]
}

async function answersOf(store: OperationsStore, reads: readonly KeysOfRead[]): Promise<(readonly unknown[])[]> {
  try {
    const found = await rowsOf(store, reads)
    return reads.map(({ read, keys }, n) => read.answer(found[n]!, keys))
  } catch (error) {
    if (error instanceof Unavailable || reads.length === 1) throw error
    // A read that fails must not fail the others.
    const each = await Promise.allSettled(reads.map((one) => answersOf(store, [one])))
    return each.map((one, n) => (one.status === 'fulfilled' ? one.value[0]! : reads[n]!.keys.map(() => one.reason)))
  }
}

async function rowsOf(store: OperationsStore, reads: readonly KeysOfRead[]): Promise<(readonly unknown[])[]> {
  const columns = reads.map(
    ({ read, keys }, n) =>
      sql`(SELECT json_agg(found) FROM (${read.query(store, keys)}) AS found) AS ${sql.ref(`rows${n}`)}`,
  )
  const { rows } = await settle(sql<Record<string, unknown[] | null>>`SELECT ${sql.join(columns)}`.execute(store.db))
  return reads.map((_, n) => rows[0]![`rows${n}`] ?? [])
}
