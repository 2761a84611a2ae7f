import { sql } from 'kysely'
import { dropOlder } from './drop-older.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/*
 * Budgets of requests to GitHub: a rate limit by person, repository and installation, counted per hour. They lie here
 * so that replicas share them and a restart does not reset them. rate-limiter-flexible was looked at: it takes a write
 * for each request, makes a table of its own outside our migrations, and knows no job that is deferred.
 */

export const HOUR_MS = 3_600_000

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}

/** The number of requests that each of these scopes has used in this hour. */
export async function usedBy(
  { db, wasteland }: OperationsStore,
  host: string,
  hour: Date,
  scopes: readonly string[],
): Promise<Map<string, number>> {
  const rows = await settle(
    db
      .selectFrom('request_budgets')
      .select(['scope', 'used'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('hour', '=', hour)
      .where('scope', 'in', [...scopes])
      .execute(),
  )
  return new Map(rows.map(({ scope, used }) => [scope, used]))
}

export async function addUsed(
  { db, wasteland }: OperationsStore,
  host: string,
  hour: Date,
  { scopes, used }: { scopes: readonly string[]; used: number },
): Promise<void> {
  await settle(
    db
      .insertInto('request_budgets')
      // In one order: two statements must not wait for each other.
      .values(scopes.toSorted().map((scope) => ({ wasteland, host, scope, hour, used, told: null })))
      .onConflict((on) =>
        on
          .columns(['wasteland', 'host', 'scope', 'hour'])
          .doUpdateSet({ used: sql`request_budgets.used + excluded.used` }),
      )
      .execute(),
  )
}

/**
 * True for the one delivery whose answer reports that a scope has used up its hour's requests: the same one each time.
 */
export async function mayNotify(
  { db, wasteland }: OperationsStore,
  host: string,
  hour: Date,
  { scope, delivery }: { scope: string; delivery: string },
): Promise<boolean> {
  const row = await settle(
    db
      .insertInto('request_budgets')
      .values({ wasteland, host, scope, hour, told: delivery })
      .onConflict((on) =>
        on
          .columns(['wasteland', 'host', 'scope', 'hour'])
          .doUpdateSet({ told: sql`coalesce(request_budgets.told, excluded.told)` }),
      )
      .returning('told')
      .executeTakeFirstOrThrow(),
  )
  return row.told === delivery
}

export const dropOldBudgets = dropOlder('request_budgets', sql.ref('hour'))
