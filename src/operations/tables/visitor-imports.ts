import { sql } from 'kysely'
import { dropOlder } from './drop-older.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/*
 * A sliding log of each visitor's imports. They lie here so that replicas share them and a restart does not set them
 * back. One statement looks and counts: its row is locked, so of many that come at once no more are taken.
 * rate-limiter-flexible has fixed windows, in which twice as many come at once, and counts by its own clock.
 */

const AN_HOUR = 5
const A_DAY = 20

/** When the next one may begin; null where it may at once. */
const next = sql<Date | null>`greatest(
  visitor_imports.taken[cardinality(visitor_imports.taken) - ${sql.lit(AN_HOUR - 1)}] + interval '1 hour',
  visitor_imports.taken[cardinality(visitor_imports.taken) - ${sql.lit(A_DAY - 1)}] + interval '1 day')`

/** Counts an import of a visitor's, 5 an hour and 20 a day; beyond them resolves to when the next may begin, and counts none. */
export async function takeVisitorImport(
  { db, wasteland }: OperationsStore,
  visitor: string,
  at: Date,
): Promise<Date | undefined> {
  const { rows } = await settle(
    sql`INSERT INTO visitor_imports (wasteland, visitor, taken) VALUES (${wasteland}, ${visitor}, ARRAY[${at}::timestamptz])
      ON CONFLICT (wasteland, visitor) DO UPDATE
      SET taken = (visitor_imports.taken || excluded.taken)[greatest(1, cardinality(visitor_imports.taken) + ${sql.lit(2 - A_DAY)}):]
      WHERE coalesce(${next} <= ${at}, true) RETURNING visitor`.execute(db),
  )
  if (rows.length > 0) return undefined
  const row = await settle(
    db
      .selectFrom('visitor_imports')
      .select(next.as('next'))
      .where('wasteland', '=', wasteland)
      .where('visitor', '=', visitor)
      .executeTakeFirst(),
  )
  return row?.next ?? at
}

export const dropOldVisitors = dropOlder('visitor_imports', sql`taken[cardinality(taken)]`)
