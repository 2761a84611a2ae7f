import { type Kysely, sql } from 'kysely'
import { Unavailable } from '../../domain/errors.ts'
import { createBatcher } from '../../ops/batcher.ts'
import { settle } from '../postgres/store.ts'
import { CLASS } from './job-classes.ts'
import type { QueuedJob } from './job.ts'
import { createAnalyse } from './take.ts'
import type { Operations } from '../schema.ts'

/** The largest number of rows in a statement; more gain nothing. */
const MOST = 100
/**
 * From this many characters of JSON on a job is heavy. GitHub's deliveries have some 26,000, seldom 100,000, and may
 * have 25 million.
 */
const HEAVY = 128 * 1024
/** After so many new jobs Postgres needs new statistics: for an empty table it may plan a take that lasts minutes. */
const RUSH = 200

interface NewJob {
  id: string
  key: string
  group_key: string | null
  priority: number
  delay_ms: number
  /** The payload as JSON. */
  data: string
}

/**
 * Enqueues jobs, batched; resolves to true for those that were not known. Jobs that arrive while a statement is under
 * way go with the next one: each statement is a commit to disk, and an acknowledgement waits for it.
 */
export function createPut<T extends object>(
  db: Kysely<Operations>,
  queue: string,
): (job: QueuedJob<T>) => Promise<boolean> {
  const analyse = createAnalyse(db)
  let unanalysed = 0
  const insert = createBatcher(
    async (jobs: readonly NewJob[]) => {
      const stored = await insertAll(db, queue, jobs)
      unanalysed += stored.filter((one) => one === true).length
      if (unanalysed >= RUSH && analyse()) unanalysed = 0
      return stored
    },
    { most: MOST },
  )
  return async ({ id, key, group, first, joins, delayMs = 0, data }) => {
    const json = JSON.stringify(data)
    if (joins === true && (await joinWaiting(db, queue, { key, data: json, delayMs }))) return false
    const priority = classOf(json, first === true)
    return insert({ id, key, group_key: group ?? null, priority, delay_ms: delayMs, data: json })
  }
}

function classOf(json: string, first: boolean): number {
  if (json.length > HEAVY) return first ? CLASS.firstHeavy : CLASS.heavy
  return first ? CLASS.first : CLASS.light
}

async function insertAll(db: Kysely<Operations>, queue: string, jobs: readonly NewJob[]): Promise<(boolean | Error)[]> {
  try {
    // One parameter for all rows: many parameters cost more than the rest of the statement.
    const { rows } = await settle(
      sql<{ id: string }>`
        INSERT INTO jobs (queue, id, key, group_key, priority, start_after, data)
        SELECT ${queue}, id, key, group_key, priority, now() + delay_ms * interval '1 millisecond', data
        FROM json_to_recordset(${`[${jobs.map(asJson).join(',')}]`}::json)
          AS job (id uuid, key text, group_key text, priority integer, delay_ms integer, data jsonb)
        ON CONFLICT (queue, id) DO NOTHING RETURNING id`.execute(db),
    )
    const stored = new Set(rows.map(({ id }) => id))
    // The first of two jobs with one id was stored.
    return jobs.map(({ id }) => stored.delete(id.toLowerCase()))
  } catch (error) {
    if (error instanceof Unavailable || jobs.length === 1) return jobs.map(() => error as Error)
    // A job that Postgres does not take must not keep out the others.
    const each: (boolean | Error)[] = []
    for (const job of jobs) each.push(...(await insertAll(db, queue, [job])))
    return each
  }
}

function asJson({ data, ...job }: NewJob): string {
  return `${JSON.stringify(job).slice(0, -1)},"data":${data}}`
}

/**
 * True when an equal job (key and data) waits and has not started. The row is locked as it is found, so that it cannot
 * start meanwhile. A job that failed, or is old, does not count, for it may never be done. One that was delayed for
 * longer is brought forward; one that was begun waits for a store or for GitHub, and is not.
 */
async function joinWaiting(
  db: Kysely<Operations>,
  queue: string,
  { key, data, delayMs }: { key: string; data: string; delayMs: number },
): Promise<boolean> {
  const start = sql`now() + ${delayMs} * interval '1 millisecond'`
  const { rows } = await settle(
    sql`WITH waiting AS MATERIALIZED (
        SELECT id, heartbeat_at IS NULL AND start_after > ${start} AS is_later FROM jobs
        WHERE queue = ${queue} AND key = ${key} AND data = ${data}::jsonb AND retry_count = 0
          AND state IN ('created', 'retry') AND created_at > now() - interval '1 day'
        LIMIT 1 FOR UPDATE),
      earlier AS (
        UPDATE jobs SET start_after = ${start} FROM waiting
        WHERE jobs.queue = ${queue} AND jobs.id = waiting.id AND waiting.is_later)
      SELECT id FROM waiting`.execute(db),
  )
  return rows.length > 0
}

/** Whether jobs of these ids were ever enqueued here, dead letters included, as far back as a week. */
export function createIsKnown(db: Kysely<Operations>, queue: string): (id: string) => Promise<boolean> {
  return createBatcher(async (ids: readonly string[]) => {
    const { rows } = await settle(
      sql<{ id: string }>`SELECT id FROM jobs WHERE queue = ${queue} AND id = ANY(${ids}::uuid[])
        UNION SELECT job_id FROM dead_letters WHERE queue = ${queue} AND job_id = ANY(${ids}::uuid[])`.execute(db),
    )
    const found = new Set(rows.map((row) => row.id))
    return ids.map((id) => found.has(id))
  })
}
