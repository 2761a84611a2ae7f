import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/** While a bridge runs no job waits this long. */
const WAITS_LONGER_DAYS = 358

/** Drops at most `limit` jobs that were completed before a time, or have waited for a year before today. */
export async function dropOldJobs(db: Kysely<Operations>, before: Date, limit: number): Promise<number> {
  const { rows } = await settle(
    sql`DELETE FROM jobs WHERE ctid IN (
        (SELECT ctid FROM jobs WHERE state = 'completed' AND completed_at < ${before} LIMIT ${limit})
        UNION ALL
        (SELECT ctid FROM jobs WHERE state IN ('created', 'retry')
          AND created_at < ${before}::timestamptz - ${WAITS_LONGER_DAYS} * interval '1 day' LIMIT ${limit}))
      RETURNING id`.execute(db),
  )
  return rows.length
}

export async function dropOldDeadLetters(db: Kysely<Operations>, before: Date, limit: number): Promise<number> {
  const { rows } = await settle(
    sql`DELETE FROM dead_letters WHERE ctid IN
      (SELECT ctid FROM dead_letters WHERE failed_at < ${before} LIMIT ${limit}) RETURNING id`.execute(db),
  )
  return rows.length
}
