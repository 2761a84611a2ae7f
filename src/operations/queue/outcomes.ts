import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/*
 * What becomes of an active job. Each changes it only while it is active: once it was taken back, whoever has it next
 * says what comes of it.
 */

/** That they are known is all that is kept of jobs that are done: what they carried names people. */
export async function completeJobs(db: Kysely<Operations>, queue: string, ids: readonly string[]): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'completed', completed_at = now(), data = NULL, error = NULL
      WHERE queue = ${queue} AND id = ANY(${ids}::uuid[]) AND state = 'active'`.execute(db),
  )
}

/** Waits for its next try, twice as long each time and up to five minutes; its key's line waits with it. */
export async function retryJob(db: Kysely<Operations>, queue: string, id: string, error: string): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'retry', retry_count = retry_count + 1, heartbeat_at = NULL, process = NULL,
        error = ${error},
        start_after = now() + least(300, 2 ^ least(16, retry_count) * (1 + random())) * interval '1 second'
      WHERE queue = ${queue} AND id = ${id} AND state = 'active'`.execute(db),
  )
}

/** Out of its line and into the dead letters, with the reason. */
export async function buryJob(db: Kysely<Operations>, queue: string, id: string, error: string): Promise<void> {
  await settle(
    sql`WITH failed AS (
        DELETE FROM jobs WHERE queue = ${queue} AND id = ${id} AND state = 'active' RETURNING *)
      INSERT INTO dead_letters (queue, job_id, key, error, created_at, data)
      SELECT queue, id, key, ${error}, created_at, data FROM failed`.execute(db),
  )
}

/** Comes again at that time, at no cost of a try, and its key's line waits for it. */
export async function deferJob(db: Kysely<Operations>, queue: string, id: string, at: Date): Promise<void> {
  await wait(db, queue, { id, at, state: 'retry' })
}

/** Out of its line: what comes after it goes on, and it is again the oldest of it from `at` on. */
export async function postponeJob(db: Kysely<Operations>, queue: string, id: string, at: Date): Promise<void> {
  await wait(db, queue, { id, at, state: 'created' })
}

async function wait(
  db: Kysely<Operations>,
  queue: string,
  { id, at, state }: { id: string; at: Date; state: 'retry' | 'created' },
): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = ${state}, start_after = ${at}, heartbeat_at = NULL, process = NULL
      WHERE queue = ${queue} AND id = ${id} AND state = 'active'`.execute(db),
  )
}
