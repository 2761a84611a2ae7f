import { type Expression, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/**
 * The pruning of a table by one time of its rows, for `retention.ts`: a function that deletes at most `limit` rows of
 * the wasteland from before a time, and resolves to their number.
 */
export function dropOlder(table: keyof Operations, time: Expression<unknown>) {
  return async ({ db, wasteland }: OperationsStore, before: Date, limit: number): Promise<number> => {
    const rows = sql.table(table)
    const { numAffectedRows } = await settle(
      sql`DELETE FROM ${rows} WHERE ctid IN (
            SELECT ctid FROM ${rows} WHERE wasteland = ${wasteland} AND ${time} < ${before} LIMIT ${limit})`.execute(
        db,
      ),
    )
    return Number(numAffectedRows)
  }
}
