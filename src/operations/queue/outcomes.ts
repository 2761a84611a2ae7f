import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { JobHolder } from './job.ts'
import { heldBy } from './take.ts'
import type { Operations } from '../schema.ts'

/*
 * What becomes of an active job. Each changes it only while this process has it: once it was taken back, whoever has it
 * next says what comes of it.
 */

/** That they are known is all that is kept of jobs that are done: what they carried names people. */
export async function completeJobs(db: Kysely<Operations>, holder: JobHolder, ids: readonly string[]): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'completed', completed_at = now(), data = NULL, error = NULL
      FROM ${heldBy(holder, ids)} AS held WHERE jobs.queue = ${holder.queue} AND jobs.id = held.id`.execute(db),
  )
}

/** Waits for its next try, twice as long each time and up to five minutes; its key's line waits with it. */
export async function retryJob(db: Kysely<Operations>, holder: JobHolder, id: string, error: string): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'retry', retry_count = retry_count + 1, heartbeat_at = NULL, process = NULL,
        error = ${error},
        start_after = now() + least(300, 2 ^ least(16, retry_count) * (1 + random())) * interval '1 second'
      WHERE ${isHeld(holder, id)}`.execute(db),
  )
}

/** Out of its line and into the dead letters, with the reason. */
export async function buryJob(db: Kysely<Operations>, holder: JobHolder, id: string, error: string): Promise<void> {
  await settle(
    sql`WITH failed AS (DELETE FROM jobs WHERE ${isHeld(holder, id)} RETURNING *)
      INSERT INTO dead_letters (queue, job_id, key, error, created_at, data)
      SELECT queue, id, key, ${error}, created_at, data FROM failed`.execute(db),
  )
}

/** Comes again after so many milliseconds, at no cost of a try, and its key's line waits for it. */
export async function deferJob(db: Kysely<Operations>, holder: JobHolder, id: string, ms: number): Promise<void> {
  await wait(db, holder, { id, ms, state: 'retry' })
}

/** Out of its line: what comes after it goes on, and it is again the oldest of it after so many milliseconds. */
export async function postponeJob(db: Kysely<Operations>, holder: JobHolder, id: string, ms: number): Promise<void> {
  await wait(db, holder, { id, ms, state: 'created' })
}

/** By the database's clock, which says when it may be taken: ours may be another. */
async function wait(
  db: Kysely<Operations>,
  holder: JobHolder,
  { id, ms, state }: { id: string; ms: number; state: 'retry' | 'created' },
): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = ${state}, start_after = now() + ${ms} * interval '1 millisecond',
        heartbeat_at = NULL, process = NULL
      WHERE ${isHeld(holder, id)}`.execute(db),
  )
}

function isHeld({ queue, process }: JobHolder, id: string) {
  return sql`queue = ${queue} AND id = ${id} AND state = 'active' AND process IS NOT DISTINCT FROM ${process ?? null}::uuid`
}
