import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { ActiveJob, JobHolder } from './job.ts'
import type { Operations } from '../schema.ts'

interface TakeOptions {
  most: number
  priority: number
  /** Groups, or prefixes of groups, that are at their limit. */
  but: readonly string[]
  /** The id of the process that takes them. */
  process: string | undefined
}

const UNIQUE_VIOLATION = '23505'

/**
 * Takes up to `most` jobs of a priority, the oldest first, and only the first of each key: none is taken while another
 * of its key is active or waits for its retry. Each candidate's key is looked up, so that the waiting jobs are not all
 * read. A waiting job with a heartbeat was in hand before.
 */
export async function takeJobs<T>(db: Kysely<Operations>, queue: string, wanted: TakeOptions): Promise<ActiveJob<T>[]> {
  const { most, priority, but, process } = wanted
  const answer = settle(
    sql<Omit<ActiveJob<T>, 'createdAt'> & { ageMs: number }>`
      WITH next AS MATERIALIZED (
        SELECT job.id, job.heartbeat_at IS NOT NULL OR job.retry_count > 0 AS begun FROM jobs AS job
        WHERE job.queue = ${queue} AND job.state IN ('created', 'retry') AND job.priority = ${priority}
          AND job.start_after <= now()
          AND (job.group_key IS NULL OR NOT (job.group_key = ANY(${but}::text[])
            OR split_part(job.group_key, '/', 1) = ANY(${but}::text[])
            OR split_part(job.group_key, '/', 1) || '/' || split_part(job.group_key, '/', 2) = ANY(${but}::text[])))
          -- Within CASE each is looked up by its key, whatever the planner believes of an empty table.
          AND CASE
            WHEN EXISTS (
              SELECT FROM jobs AS other
              WHERE other.queue = ${queue} AND other.key = job.key AND other.state IN ('active', 'retry')
                AND other.id <> job.id) THEN false
            WHEN job.state = 'retry' THEN true
            ELSE NOT EXISTS (
              SELECT FROM jobs AS earlier
              WHERE earlier.queue = ${queue} AND earlier.key = job.key AND earlier.state IN ('created', 'retry')
                AND earlier.start_after <= now() AND earlier.sequence < job.sequence)
          END
        ORDER BY job.sequence LIMIT ${most} FOR UPDATE SKIP LOCKED),
      taken AS (
        UPDATE jobs SET state = 'active', heartbeat_at = now(), process = ${process ?? null}
        FROM next WHERE jobs.queue = ${queue} AND jobs.id = next.id
        RETURNING jobs.*, next.begun)
      SELECT id, key, group_key AS "group", priority, retry_count AS "retryCount", begun, data,
        extract(epoch FROM now() - created_at)::float8 * 1000 AS "ageMs"
      FROM taken ORDER BY sequence`.execute(db),
  )
  return answer.then(
    ({ rows }) => rows.map(({ ageMs, ...job }) => ({ ...job, createdAt: new Date(Date.now() - ageMs) })),
    (error: unknown) => {
      // Another process has taken an earlier job of a key, which this snapshot did not show.
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return []
      throw error
    },
  )
}

/** True when a job of these priorities could be taken now if it were the first of its key. */
export async function hasReady(db: Kysely<Operations>, queue: string, priorities: readonly number[]): Promise<boolean> {
  const { rows } = await settle(
    sql`SELECT FROM jobs WHERE queue = ${queue} AND state IN ('created', 'retry')
      AND priority = ANY(${priorities}::int[]) AND start_after <= now() LIMIT 1`.execute(db),
  )
  return rows.length > 0
}

/**
 * Those of these jobs that this process has, locked in the order of their ids: statements that lock rows in the order
 * of the query plan deadlock.
 */
export function heldBy({ queue, process }: JobHolder, ids: readonly string[]) {
  return sql`(SELECT id FROM jobs WHERE queue = ${queue} AND id = ANY(${ids}::uuid[]) AND state = 'active'
    AND process IS NOT DISTINCT FROM ${process ?? null}::uuid ORDER BY id FOR UPDATE)`
}

/** Heartbeat of active jobs. */
export async function touchJobs(db: Kysely<Operations>, holder: JobHolder, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await settle(
    sql`UPDATE jobs SET heartbeat_at = now()
      FROM ${heldBy(holder, ids)} AS held WHERE jobs.queue = ${holder.queue} AND jobs.id = held.id`.execute(db),
  )
}

/** Returns active jobs to the queue at no cost of a retry, into another class if one is given. */
export async function handBack(
  db: Kysely<Operations>,
  holder: JobHolder,
  ids: readonly string[],
  priority?: number,
): Promise<void> {
  if (ids.length === 0) return
  await settle(
    sql`UPDATE jobs SET state = 'created', process = NULL, priority = coalesce(${priority ?? null}::int, priority)
      FROM ${heldBy(holder, ids)} AS held WHERE jobs.queue = ${holder.queue} AND jobs.id = held.id`.execute(db),
  )
}

const ANALYSED_MS = 30_000

/**
 * Runs ANALYZE in the background, at most once in 30 s: by itself Postgres looks once a minute, and plans for an empty
 * table until then. False where it ran too recently.
 */
export function createAnalyse(db: Kysely<Operations>): () => boolean {
  let analysedAt = -Infinity
  return () => {
    if (performance.now() - analysedAt < ANALYSED_MS) return false
    analysedAt = performance.now()
    settle(sql`ANALYZE (SKIP_LOCKED) jobs`.execute(db)).catch(() => {})
    return true
  }
}
