import { type Kysely, sql, type Transaction } from 'kysely'
import { settle } from '../postgres/store.ts'
import { DEAD_LETTERS, hasOldProcess, hasOldQueue, isShared, OLD } from './old-queue.ts'
import { ORPHANED_SECONDS } from './orphans.ts'
import type { Operations } from '../schema.ts'

/*
 * Carries over the queue of older versions. Versions before the table `jobs` had theirs in the schema `pgboss` of a
 * library (pg-boss 12.35). Its jobs are moved at each start. Where a process of such a version may still run beside us,
 * it goes on storing and running jobs there, so the carry-over is repeated until no such process has been seen for an
 * hour.
 */

const CARRIES_MS = 2_000
const QUIET_MS = 3_600_000
const DROPS_AGAIN_MS = 60_000
/** A job that was completed since the last run may be dated before it. */
const OVERLAP_SECONDS = 60
/**
 * After a gap between runs that is longer than this (we were suspended, or the store was away), all completed jobs are
 * copied.
 */
const GAP_MS = 30_000
/**
 * Race errors: a job of a key was taken while another of the same key was moved (unique_violation), or
 * deadlock_detected.
 */
const RACES = new Set<unknown>(['23505', '40P01'])
const TRIES = 5
/** The advisory lock of the carry-over: one transaction at a time. */
const LOCK = BigInt('3853314791062309109')

interface CarryOverLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

interface CarryOverDeps {
  db: Kysely<Operations>
  queues: readonly string[]
  /** No other process works on this store. */
  alone: boolean
  log: CarryOverLog
}

export interface CarryOver {
  stop(): void
}

/**
 * Carries over the jobs that are there, and repeats it as long as an older version may run. Rejects with Unavailable.
 */
export async function startCarryOver(deps: CarryOverDeps): Promise<CarryOver> {
  const { db, alone, log } = deps
  if (!(await hasOldQueue(db))) {
    await endShown(db)
    return { stop() {} }
  }
  const moved = await carryOverOnce(deps, { whole: true })
  log.info({ jobs: moved }, 'queue: jobs of an older version were taken over')
  if (alone) await dropOldQueue(deps)
  return alone ? { stop() {} } : goOn(deps)
}

/** Repeats the carry-over every two seconds, until an hour after an older version was last seen. */
function goOn(deps: CarryOverDeps): CarryOver {
  const { db, log } = deps
  let quietSince = Date.now()
  let ranAt = Date.now()
  let underWay = false
  const run = async () => {
    if (!(await hasOldQueue(db))) return clearInterval(timer)
    const began = Date.now()
    const found = await carryOverOnce(deps, { whole: began - ranAt > GAP_MS })
    ranAt = began
    if (found > 0) quietSince = Date.now()
    if (Date.now() - quietSince < QUIET_MS || (await hasOldProcess(db, QUIET_MS))) return
    if (await dropOldQueue(deps)) clearInterval(timer)
    else quietSince += DROPS_AGAIN_MS
  }
  const timer = setInterval(() => {
    if (underWay) return
    underWay = true
    run()
      .catch((error: unknown) => log.warn({ err: error }, 'queue: jobs of an older version could not be taken over'))
      .finally(() => (underWay = false))
  }, CARRIES_MS).unref()
  return { stop: () => clearInterval(timer) }
}

/** Carries over once. Resolves to the number of unfinished jobs that the older version had. */
export async function carryOverOnce(
  deps: Pick<CarryOverDeps, 'db' | 'queues' | 'alone'>,
  { whole }: { whole: boolean },
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await settle(deps.db.transaction().execute((tx) => carryOver(tx, deps, whole)))
    } catch (error) {
      if (tries === TRIES || !RACES.has((error as { code?: unknown }).code)) throw error
    }
  }
}

async function carryOver(
  tx: Transaction<Operations>,
  { queues, alone }: Pick<CarryOverDeps, 'queues' | 'alone'>,
  whole: boolean,
): Promise<number> {
  await lockCarryOver(tx)
  if (!(await hasOldQueue(tx))) return 0
  return carryOverRows(tx, { queues, alone }, whole)
}

async function lockCarryOver(tx: Transaction<Operations>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
}

async function carryOverRows(
  tx: Transaction<Operations>,
  { queues, alone }: Pick<CarryOverDeps, 'queues' | 'alone'>,
  whole: boolean,
): Promise<number> {
  const shown = alone ? 0 : await showActive(tx, queues)
  const moved = await moveWaiting(tx, queues, alone)
  const dead = (await moveFailed(tx, queues)) + (await moveDeadLetters(tx, queues))
  await copyCompleted(tx, queues, whole)
  await dropShown(tx, queues)
  return shown + moved + dead
}

/** True for a job without a heartbeat for so long that its process is gone. */
const ORPHANED = sql`coalesce(heartbeat_on, started_on, 'epoch') < now() - ${sql.lit(ORPHANED_SECONDS)} * interval '1 second'`

/**
 * Shows jobs that are active in a running older version as active here, so that the other jobs of their keys wait. They
 * stay the other process's: without a heartbeat they are no orphans.
 */
async function showActive(tx: Transaction<Operations>, queues: readonly string[]): Promise<number> {
  const { rows } = await sql`
    INSERT INTO jobs (queue, id, key, group_key, priority, state, retry_count, created_at, process, data)
    SELECT name, id, singleton_key, group_id, priority, 'active', retry_count, created_on,
      (output->>'process')::uuid, data
    FROM ${OLD} WHERE name = ANY(${queues}::text[]) AND state = 'active' AND NOT ${ORPHANED}
    ORDER BY created_on, id
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx)
  return rows.length
}

/**
 * Moves waiting jobs, and jobs of dead processes, in their order. A job whose key has another one active or in retry
 * here waits behind that.
 */
async function moveWaiting(tx: Transaction<Operations>, queues: readonly string[], alone: boolean): Promise<number> {
  const { rows } = await sql`
    WITH moved AS (
      DELETE FROM ${OLD} WHERE name = ANY(${queues}::text[])
        AND (state IN ('created', 'retry') OR state = 'active' AND (${alone}::boolean OR ${ORPHANED}))
      RETURNING *)
    INSERT INTO jobs (queue, id, key, group_key, priority, state, retry_count, created_at, start_after, heartbeat_at,
      process, error, data)
    SELECT name, id, singleton_key, group_id, priority,
      CASE WHEN EXISTS (SELECT FROM jobs AS other WHERE other.queue = name AND other.key = singleton_key
        AND other.state IN ('active', 'retry') AND other.id <> moved.id) THEN 'created' ELSE state::text END,
      -- There a failed one was counted when it was taken again.
      retry_count + (state = 'retry' AND started_on IS NOT NULL)::int, created_on, start_after,
      CASE WHEN state = 'active' THEN coalesce(heartbeat_on, started_on, 'epoch') END,
      CASE WHEN state = 'active' THEN (output->>'process')::uuid END, output->>'message', data
    FROM moved ORDER BY created_on, id
    ON CONFLICT (queue, id) DO UPDATE SET state = excluded.state, priority = excluded.priority,
      retry_count = excluded.retry_count, start_after = excluded.start_after, heartbeat_at = excluded.heartbeat_at,
      process = excluded.process, error = excluded.error
      WHERE jobs.state = 'active' AND jobs.heartbeat_at IS NULL
    RETURNING id`.execute(tx)
  return rows.length
}

/** Moves failed jobs: they lay there for seconds beside their dead letters, or for as long as no process ran. */
async function moveFailed(tx: Transaction<Operations>, queues: readonly string[]): Promise<number> {
  const { rows } = await sql`
    WITH failed AS (DELETE FROM ${OLD} WHERE name = ANY(${queues}::text[]) AND state = 'failed' RETURNING *)
    INSERT INTO dead_letters (queue, job_id, key, error, created_at, failed_at, data)
    SELECT name, id, singleton_key, coalesce(output->>'message', 'unknown'), created_on, coalesce(completed_on, now()), data
    FROM failed WHERE NOT EXISTS (SELECT FROM ${OLD} AS copy
        WHERE copy.name = ${DEAD_LETTERS} AND copy.source_name = failed.name AND copy.source_id = failed.id)
      AND NOT EXISTS (SELECT FROM dead_letters AS moved
        WHERE moved.queue = failed.name AND moved.job_id = failed.id AND moved.created_at = failed.created_on)
    ORDER BY created_on, id RETURNING id`.execute(tx)
  return rows.length
}

async function moveDeadLetters(tx: Transaction<Operations>, queues: readonly string[]): Promise<number> {
  const { rows } = await sql`
    WITH moved AS (
      DELETE FROM ${OLD} WHERE name = ${DEAD_LETTERS} AND source_name = ANY(${queues}::text[]) RETURNING *)
    INSERT INTO dead_letters (id, queue, job_id, key, error, created_at, failed_at, data)
    SELECT id, source_name, source_id, coalesce(singleton_key, ''), coalesce(source_output->>'message', 'unknown'),
      coalesce(source_created_on, created_on), created_on, data
    FROM moved ORDER BY created_on, id
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx)
  return rows.length
}

/**
 * Copies the ids of completed or cancelled jobs, so that they are known here; they stay there, because an older version
 * looks for them there.
 */
async function copyCompleted(tx: Transaction<Operations>, queues: readonly string[], whole: boolean): Promise<void> {
  await sql`
    INSERT INTO jobs (queue, id, key, group_key, priority, state, retry_count, created_at, completed_at)
    SELECT name, id, singleton_key, group_id, priority, 'completed', retry_count, created_on, completed_on
    FROM ${OLD} WHERE name = ANY(${queues}::text[]) AND state IN ('completed', 'cancelled') AND completed_on IS NOT NULL
      AND (${whole}::boolean OR completed_on > now() - ${OVERLAP_SECONDS} * interval '1 second')
    ON CONFLICT (queue, id) DO UPDATE SET state = 'completed', completed_at = excluded.completed_at, data = NULL
      WHERE jobs.state = 'active' AND jobs.heartbeat_at IS NULL`.execute(tx)
}

/** Removes jobs that were shown as active and have failed there: each is a dead letter by now. */
async function dropShown(tx: Transaction<Operations>, queues: readonly string[]): Promise<void> {
  await sql`
    DELETE FROM jobs WHERE queue = ANY(${queues}::text[]) AND state = 'active' AND heartbeat_at IS NULL
      AND NOT EXISTS (SELECT FROM ${OLD} AS old WHERE old.name = jobs.queue AND old.id = jobs.id
        AND old.state = 'active')`.execute(tx)
}

/**
 * Without the older version's tables nobody finishes the jobs that were shown as active: a worker here takes them back.
 */
async function endShown(db: Kysely<Operations>): Promise<void> {
  await settle(sql`UPDATE jobs SET heartbeat_at = 'epoch' WHERE state = 'active' AND heartbeat_at IS NULL`.execute(db))
}

/** Drops the older queue, and with it the files that had its payloads. False where that must be retried. */
async function dropOldQueue(deps: CarryOverDeps): Promise<boolean> {
  const { db, queues, log } = deps
  try {
    return await settle(
      db.transaction().execute(async (tx) => {
        await sql`SET LOCAL lock_timeout = '2s'`.execute(tx)
        await lockCarryOver(tx)
        if (!(await hasOldQueue(tx)) || (await isShared(tx, queues))) return true
        await sql`LOCK TABLE ${OLD} IN ACCESS EXCLUSIVE MODE`.execute(tx)
        // Jobs that were stored or finished since the last run.
        await carryOverRows(tx, deps, false)
        const { rows } = await sql`SELECT FROM ${OLD} WHERE name = ANY(${[...queues, DEAD_LETTERS]}::text[])
          AND state NOT IN ('completed', 'cancelled') LIMIT 1`.execute(tx)
        if (rows.length > 0) return false
        await sql`DROP SCHEMA pgboss CASCADE`.execute(tx)
        log.info({}, 'queue: the tables of the older version are dropped')
        return true
      }),
    )
  } catch (error) {
    log.warn({ err: error }, 'queue: the tables of the older version could not be dropped yet')
    return false
  }
}
