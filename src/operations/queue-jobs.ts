import type { PgBoss } from 'pg-boss'
import { settle } from './store.ts'

/*
 * What the queue does to its jobs and pg-boss has no call for; its table of jobs is documented.
 */

export const DEAD_LETTERS = 'dead-letters'
/** A job that nobody has touched for so long was in hand of a process that is gone. */
const ORPHANED_SECONDS = 8

/** A job that was taken. */
export interface Stored<T> {
  id: string
  data: T
  singletonKey: string | null
  groupId: string | null
  priority: number
  retryCount: number
  retryLimit: number
  createdOn: Date
}

/**
 * Takes up to `most` jobs, the oldest first, of each key the first alone. As pg-boss's own fetch of a queue of the
 * policy `key_strict_fifo`, which reads all that waits to find the first of each key: here each candidate is looked up.
 */
export async function take<T>(
  pgBoss: PgBoss,
  name: string,
  {
    most,
    priority,
    but,
    process,
  }: {
    most: number
    priority: number
    /** Groups, or the beginnings of some. */ but: readonly string[]
    /** Who takes them. */ process?: string
  },
): Promise<Stored<T>[]> {
  const answer = settle(
    pgBoss.getDb().executeSql(
      `WITH next AS MATERIALIZED (
         SELECT job.id FROM pgboss.job AS job
         WHERE job.name = $1 AND job.state < 'active' AND NOT job.blocked AND job.policy = 'key_strict_fifo'
           AND job.priority = $2 AND job.start_after <= now()
           AND (job.group_id IS NULL OR NOT (job.group_id = ANY($3) OR split_part(job.group_id, '/', 1) = ANY($3)
             OR split_part(job.group_id, '/', 1) || '/' || split_part(job.group_id, '/', 2) = ANY($3)))
           AND NOT EXISTS (
             SELECT FROM pgboss.job AS other
             WHERE other.name = $1 AND other.singleton_key = job.singleton_key AND other.policy = 'key_strict_fifo'
               AND other.state IN ('active', 'retry', 'failed') AND other.id <> job.id)
           AND (job.state = 'retry' OR NOT EXISTS (
             SELECT FROM pgboss.job AS earlier
             WHERE earlier.name = $1 AND earlier.singleton_key = job.singleton_key
               AND earlier.policy = 'key_strict_fifo' AND earlier.state < 'active' AND NOT earlier.blocked
               AND earlier.start_after <= now() AND (earlier.created_on, earlier.id) < (job.created_on, job.id)))
         ORDER BY job.created_on LIMIT $4 FOR UPDATE SKIP LOCKED),
       taken AS (
         UPDATE pgboss.job AS job SET state = 'active', started_on = now(), heartbeat_on = now(),
           output = CASE WHEN $5::text IS NULL THEN job.output ELSE jsonb_build_object('process', $5::text) END,
           retry_count = CASE WHEN job.started_on IS NULL THEN job.retry_count ELSE job.retry_count + 1 END
         FROM next WHERE job.name = $1 AND job.id = next.id
         RETURNING job.*)
       SELECT id, data, singleton_key AS "singletonKey", group_id AS "groupId", priority, retry_count AS "retryCount",
         retry_limit AS "retryLimit", created_on AS "createdOn"
       FROM taken ORDER BY created_on`,
      [name, priority, but, most, process ?? null],
    ),
  )
  // Another replica has taken an earlier one of a key, which was not to be seen yet.
  const { rows } = await answer.catch((error: unknown) => {
    if ((error as { code?: unknown }).code === '23505') return { rows: [] }
    throw error
  })
  return rows as Stored<T>[]
}

/** As pg-boss completes them, but that one is known is all that is kept of it: what it carried names people. */
export async function complete(pgBoss: PgBoss, name: string, ids: readonly string[]) {
  await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job SET state = 'completed', completed_on = now(), data = NULL
       WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'active'`,
      [name, ids],
    ),
  )
}

/** Tells Postgres how much there is: by itself it looks once a minute, and plans for an empty table until then. */
export async function analyse(pgBoss: PgBoss) {
  await settle(pgBoss.getDb().executeSql('ANALYZE (SKIP_LOCKED) pgboss.job'))
}

/** An active job that nobody works on any more, and the process that had it. */
export interface Orphan<T> {
  id: string
  singletonKey: string | null
  priority: number
  data: T
  process: string | null
  /** When it was touched last, as Postgres says. */
  touched: string | null
}

/**
 * Active jobs of a process that died, whichever it was, and `ended`: ours, whose outcome could not be stored. `inHand`
 * stay ours even if the store was away from us. `alone`: nobody else works here, so every other is an orphan.
 */
export async function findOrphans<T>(
  pgBoss: PgBoss,
  name: string,
  { inHand, ended, alone }: { inHand: string[]; ended: string[]; alone: boolean },
): Promise<Orphan<T>[]> {
  const { rows } = await settle(
    pgBoss.getDb().executeSql(
      `SELECT id, singleton_key AS "singletonKey", priority, data, output->>'process' AS process,
         heartbeat_on::text AS touched FROM pgboss.job
       WHERE name = $1 AND state = 'active' AND NOT id = ANY($2::uuid[])
         AND ($5 OR id = ANY($3::uuid[]) OR heartbeat_on < now() - $4 * interval '1 second')`,
      [name, inHand, ended, ORPHANED_SECONDS, alone],
    ),
  )
  return rows as Orphan<T>[]
}

/** Active jobs go back to the line as if never taken, into another class if one is given. */
export async function handBack(pgBoss: PgBoss, name: string, ids: readonly string[], priority?: number) {
  if (ids.length === 0) return
  await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job SET state = 'created', started_on = NULL, heartbeat_on = NULL,
         priority = coalesce($3::int, priority)
       WHERE name = $1 AND state = 'active' AND id = ANY($2::uuid[])`,
      [name, ids, priority ?? null],
    ),
  )
}

/** The same for orphans, unless somebody has touched them since. */
export async function takeBack(
  pgBoss: PgBoss,
  name: string,
  orphans: readonly { id: string; priority: number; touched: string | null }[],
) {
  await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job AS job SET state = 'created', started_on = NULL, heartbeat_on = NULL,
         priority = orphan.priority
       FROM unnest($2::uuid[], $3::int[], $4::text[]) AS orphan (id, priority, touched)
       WHERE job.name = $1 AND job.state = 'active' AND job.id = orphan.id
         AND job.heartbeat_on::text IS NOT DISTINCT FROM orphan.touched`,
      [name, orphans.map(({ id }) => id), orphans.map((one) => one.priority), orphans.map((one) => one.touched)],
    ),
  )
}

/** True when a job of this class could be taken now, were it the first of its key. */
export async function hasReady(pgBoss: PgBoss, name: string, priorities: readonly number[]): Promise<boolean> {
  const { rows } = await settle(
    pgBoss.getDb().executeSql(
      `SELECT 1 FROM pgboss.job WHERE name = $1 AND state < 'active' AND NOT blocked AND priority = ANY($2::int[])
         AND start_after <= now() LIMIT 1`,
      [name, priorities],
    ),
  )
  return rows.length > 0
}

/** A job with `started_on` would lose a try at the next fetch. */
export async function defer(pgBoss: PgBoss, name: string, id: string, at: Date) {
  await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job SET state = 'retry', start_after = $3, started_on = NULL, heartbeat_on = NULL
         WHERE name = $1 AND id = $2 AND state = 'active'`,
      [name, id, at],
    ),
  )
}

/** Out of its line: what comes after it goes on, and it is again the oldest of it from `at` on. */
export async function postpone(pgBoss: PgBoss, name: string, id: string, at: Date) {
  await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job SET state = 'created', start_after = $3, started_on = NULL, heartbeat_on = NULL
         WHERE name = $1 AND id = $2 AND state = 'active'`,
      [name, id, at],
    ),
  )
}

export async function known(pgBoss: PgBoss, name: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await settle(
    pgBoss.getDb().executeSql(
      `SELECT id FROM pgboss.job WHERE name = $1 AND id = ANY($2::uuid[])
       UNION SELECT source_id FROM pgboss.job WHERE name = $3 AND source_name = $1 AND source_id = ANY($2::uuid[])`,
      [name, ids, DEAD_LETTERS],
    ),
  )
  return new Set((rows as { id: string }[]).map((row) => row.id))
}

/**
 * True when a job of the same key and data waits and has not begun: it is marked in one statement, so that it cannot
 * have begun before. One that failed, or is old, may not come to its end.
 */
export async function waits(pgBoss: PgBoss, name: string, key: string, data: object): Promise<boolean> {
  const { rows } = await settle(
    pgBoss.getDb().executeSql(
      `UPDATE pgboss.job SET data = data
       WHERE name = $1 AND singleton_key = $2 AND data = $3::jsonb AND retry_count = 0
         AND state < 'active' AND NOT blocked AND policy = 'key_strict_fifo' AND created_on > now() - interval '1 day'
       RETURNING id`,
      [name, key, JSON.stringify(data)],
    ),
  )
  return rows.length > 0
}

export async function endRetries(pgBoss: PgBoss, name: string, id: string) {
  await settle(
    pgBoss
      .getDb()
      .executeSql(`UPDATE pgboss.job SET retry_limit = retry_count WHERE name = $1 AND id = $2`, [name, id]),
  )
}

/** A failed job blocks its key: its copy lies in the dead letters, so it leaves the line. */
export async function release(pgBoss: PgBoss, name: string) {
  await settle(pgBoss.getDb().executeSql(`DELETE FROM pgboss.job WHERE name = $1 AND state = 'failed'`, [name]))
}

export async function dropFailed(pgBoss: PgBoss, name: string, id: string): Promise<boolean> {
  const { rows } = await settle(
    pgBoss
      .getDb()
      .executeSql(`DELETE FROM pgboss.job WHERE name = $1 AND id = $2 AND state = 'failed' RETURNING id`, [name, id]),
  )
  return rows.length > 0
}

/** What waits in each of these queues, and what of it lies in the dead letters. Ages are in seconds. */
export async function countJobs(pgBoss: PgBoss, queues: readonly string[]) {
  const db = pgBoss.getDb()
  const [waiting, dead] = await settle(
    Promise.all([
      db.executeSql(
        `SELECT name AS queue, count(*)::int AS jobs, extract(epoch FROM now() - min(created_on))::float8 AS oldest
         FROM pgboss.job WHERE name = ANY($1) AND state < 'active' AND NOT blocked GROUP BY name`,
        [queues],
      ),
      db.executeSql(
        `SELECT source_name AS queue, count(*)::int AS jobs
         FROM pgboss.job WHERE name = $1 AND state < 'active' AND NOT blocked GROUP BY source_name`,
        [DEAD_LETTERS],
      ),
    ]),
  )
  const of = ({ rows }: { rows: unknown[] }, queue: string) =>
    (rows as { queue: string; jobs: number; oldest?: number }[]).find((row) => row.queue === queue)
  return queues.map((queue) => ({
    queue,
    waiting: of(waiting, queue)?.jobs ?? 0,
    oldestSeconds: of(waiting, queue)?.oldest ?? 0,
    deadLetters: of(dead, queue)?.jobs ?? 0,
  }))
}
