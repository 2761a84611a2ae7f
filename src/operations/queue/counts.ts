import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/** Counts the waiting jobs and the dead letters of these queues. Ages are in seconds. */
export async function countJobs(db: Kysely<Operations>, queues: readonly string[]) {
  const { rows } = await settle(
    sql<{ queue: string; waiting: number; oldestSeconds: number; deadLetters: number }>`
      SELECT queue, waiting.jobs AS waiting, waiting.oldest AS "oldestSeconds", dead.letters AS "deadLetters"
      FROM unnest(${queues}::text[]) WITH ORDINALITY AS one (queue, place),
        LATERAL (SELECT count(*)::int AS jobs, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
          FROM jobs WHERE jobs.queue = one.queue AND state IN ('created', 'retry')) AS waiting,
        LATERAL (SELECT count(*)::int AS letters FROM dead_letters WHERE dead_letters.queue = one.queue) AS dead
      ORDER BY place`.execute(db),
  )
  return rows
}
