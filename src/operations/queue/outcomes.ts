import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { JobHolder } from './job.ts'
import { heldBy } from './take.ts'
import type { Operations } from '../schema.ts'

/*
 * Outcomes of an active job. Each changes it only while this process has it: once it was taken back, the process that
 * has it next stores the outcome. One that waits again keeps the time of its last heartbeat, which tells that it was
 * begun.
 */

/** Completes jobs. Only their ids are kept, for idempotency: the payloads name people. */
export async function completeJobs(db: Kysely<Operations>, holder: JobHolder, ids: readonly string[]): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'completed', completed_at = now(), data = NULL, error = NULL
      FROM ${heldBy(holder, ids)} AS held WHERE jobs.queue = ${holder.queue} AND jobs.id = held.id`.execute(db),
  )
}

/** Schedules a retry with exponential backoff, up to five minutes; the other jobs of its key wait with it. */
export async function retryJob(db: Kysely<Operations>, holder: JobHolder, id: string, error: string): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'retry', retry_count = retry_count + 1, process = NULL, error = ${error},
        start_after = now() + least(300, 2 ^ least(16, retry_count) * (1 + random())) * interval '1 second'
      WHERE ${isHeld(holder, id)}`.execute(db),
  )
}

/** Moves a job to the dead letters, with the reason, so that the next job of its key can run. */
export async function buryJob(db: Kysely<Operations>, holder: JobHolder, id: string, error: string): Promise<void> {
  await settle(
    sql`WITH failed AS (DELETE FROM jobs WHERE ${isHeld(holder, id)} RETURNING *)
      INSERT INTO dead_letters (queue, job_id, key, error, created_at, data)
      SELECT queue, id, key, ${error}, created_at, data FROM failed`.execute(db),
  )
}

/** Defers a job by so many milliseconds without counting a retry; the other jobs of its key wait for it. */
export async function deferJob(db: Kysely<Operations>, holder: JobHolder, id: string, ms: number): Promise<void> {
  await wait(db, holder, { id, ms, state: 'retry' })
}

/**
 * Postpones a job by so many milliseconds: the jobs of its key behind it go on, and afterwards it is the oldest of its
 * key again.
 */
export async function postponeJob(db: Kysely<Operations>, holder: JobHolder, id: string, ms: number): Promise<void> {
  await wait(db, holder, { id, ms, state: 'created' })
}

/** Waits by the database's clock, which decides when a job may be taken: ours may differ. */
async function wait(
  db: Kysely<Operations>,
  holder: JobHolder,
  { id, ms, state }: { id: string; ms: number; state: 'retry' | 'created' },
): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = ${state}, start_after = now() + ${ms} * interval '1 millisecond', process = NULL
      WHERE ${isHeld(holder, id)}`.execute(db),
  )
}

function isHeld({ queue, process }: JobHolder, id: string) {
  return sql`queue = ${queue} AND id = ${id} AND state = 'active' AND process IS NOT DISTINCT FROM ${process ?? null}::uuid`
}
