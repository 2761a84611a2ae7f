import { sql } from 'kysely'
import { headOf } from '../../ledger/engine/joined-read.ts'
import type { CommonsDb } from '../../ledger/engine/types.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { joinedRead, type Query } from '../postgres/joined-read.ts'
import type { OperationsStore } from '../schema.ts'
import { caughtUp } from './index-catch-up.ts'

/** The transaction or reader whose commit an answer must be of; without one it is the head. */
export type IndexedAt = CommonsDb

/**
 * A read of the ledger's index by key, which tells also up to which commit the index goes. Where that is the commit
 * asked for, the answer holds; else the index catches up with the ledger's head first, and is read again.
 *
 * @param query the rows for these keys, in any order
 * @param answer the answers in the order of the keys
 */
export function indexedRead<K, Row extends object, V>(
  query: (store: OperationsStore, keys: readonly K[]) => Query<Row>,
  answer: (rows: readonly Row[], keys: readonly K[]) => readonly V[],
): (store: OperationsStore, ledger: Ledger, key: K, at?: IndexedAt) => Promise<V> {
  const read = joinedRead(
    (store, keys: readonly K[]) => withHead<Row>(store, query(store, keys)),
    (rows, keys) => {
      const values = answer(
        rows.filter((row) => row.is_found === true),
        keys,
      )
      return values.map((value) => ({ value, head: rows[0]?.indexed ?? undefined }))
    },
  )
  return async (store, ledger, key, at) => {
    const [head, found] = await Promise.all([
      // Asked for now: with the other reads of this moment it is one statement.
      at === undefined ? ledger.head() : headOf(at),
      read(store, key),
    ])
    if (found.head === head) return found.value
    await caughtUp(store, ledger, { known: found.head })
    return (await read(store, key)).value
  }
}

/** One statement sees one state of the store: the commit is the one up to which these rows were read. */
function withHead<Row extends object>({ wasteland }: OperationsStore, query: Query<Row>) {
  return sql<Row & { indexed: string | null; is_found: boolean | null }>`
    SELECT (SELECT hash FROM indexed_heads WHERE wasteland = ${wasteland}) AS indexed, found.*
    FROM (VALUES (1)) AS one (n)
    LEFT JOIN (SELECT true AS is_found, wanted_rows.* FROM (${query}) AS wanted_rows) AS found ON true`
}
