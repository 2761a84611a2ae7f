import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/* The queue of versions before the table `jobs`, in the schema `pgboss`. Other programs use pg-boss too. */

/** The schema version that pg-boss 12.35 makes and reads. */
export const PG_BOSS_SCHEMA = 43
export const DEAD_LETTERS = 'dead-letters'
/** The name of the older version's table, written once: where the table is missing, no statement names it. */
export const OLD = sql.raw('pgboss.job')

const UNDEFINED_TABLE = '42P01'

/**
 * Whether an older version of ours has its queue here. A queue that was restored from a backup has its table of jobs
 * alone.
 */
export async function hasOldQueue(db: Kysely<Operations>): Promise<boolean> {
  const found = await settle(
    // Not to_regclass, which fails where another program lets nobody into its schema.
    sql<{ name: string }>`
      SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = 'pgboss' AND relname IN ('job', 'queue', 'version')
        AND has_schema_privilege(pg_namespace.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')`.execute(
      db,
    ),
  )
  const names = found.rows.map(({ name }) => name)
  if (!names.includes('job')) return false
  if (!names.includes('queue')) return !names.includes('version')
  try {
    const { rows } = await settle(
      // Another version of pg-boss may not have the column.
      sql`SELECT FROM pgboss.queue WHERE name = 'deliveries' AND to_jsonb(queue)->>'dead_letter' = ${DEAD_LETTERS}`.execute(
        db,
      ),
    )
    return rows.length > 0
  } catch (error) {
    // Another replica has dropped it just now.
    if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return false
    throw error
  }
}

/** Whether another program has queues there too: then the schema is not dropped. */
export async function isShared(db: Kysely<Operations>, queues: readonly string[]): Promise<boolean> {
  const { rows } = await settle(
    sql<{ found: boolean }>`
    SELECT to_regclass('pgboss.queue') IS NOT NULL AS found`.execute(db),
  )
  const names = rows[0]!.found ? sql`SELECT name FROM pgboss.queue UNION` : sql``
  const others = await settle(
    sql`SELECT FROM (${names} SELECT name FROM ${OLD}) AS used
      WHERE name <> ALL(${[...queues, DEAD_LETTERS]}::text[]) AND NOT starts_with(name, '__pgboss__') LIMIT 1`.execute(
      db,
    ),
  )
  return others.rows.length > 0
}

/** Whether a process of an older version has sent a heartbeat within this time, and no announcement of its shutdown. */
export async function hasOldProcess(db: Kysely<Operations>, withinMs: number): Promise<boolean> {
  const { rows } = await settle(
    sql`SELECT FROM queue_processes WHERE NOT uses_jobs AND NOT stopping
      AND touched_at > now() - ${withinMs} * interval '1 millisecond' LIMIT 1`.execute(db),
  )
  return rows.length > 0
}
