import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/**
 * Rewrites a table's file without removed rows. VACUUM (FULL) would keep rows that an older snapshot still sees, that
 * of an ANALYZE, say; TRUNCATE keeps nothing. In such a snapshot the table is empty from then on, so a transaction that
 * reads more than once locks its tables first, as a dump does. Readers wait meanwhile: 3 s for 100,000 replies, twice
 * as long as VACUUM (FULL). Rejects with Unavailable.
 */
export async function rewriteTable(db: Kysely<Operations>, table: keyof Operations): Promise<void> {
  await settle(
    db.transaction().execute(async (tx) => {
      const name = sql.table(table)
      // An ordinary table, for a role may lack the right to temporary ones.
      const kept = sql.table(`${table}_kept`)
      await sql`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`.execute(tx)
      await sql`CREATE TABLE ${kept} AS TABLE ${name}`.execute(tx)
      await sql`TRUNCATE ${name}`.execute(tx)
      await sql`INSERT INTO ${name} TABLE ${kept}`.execute(tx)
      await sql`DROP TABLE ${kept}`.execute(tx)
    }),
  )
}
