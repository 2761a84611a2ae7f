import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/**
 * Counts, for each cause of a job, the processes that died while they had it in hand: a crash loop has a job that
 * makes it. The count lies in the operations store, so that replicas share it and a restart keeps it.
 *
 * A death needs proof: the process said nothing of stopping, and is either known to be gone (`alone`: we hold its
 * lock) or has touched nothing for as long as its jobs. One that was only asleep takes its deaths back at its next
 * touch. A cause, and not a job's id, for a redelivery or a later look brings the same work under another id.
 */
export interface JobDeaths {
  /** This process, as each of its jobs names it. */
  process: string
  /** Says that this process lives, and reads what others counted. Every few seconds. */
  touch(): Promise<void>
  /** Says that it stops by itself: what it leaves in hand was not the death of it. */
  stopping(): Promise<void>
  /** Deaths of a cause, as of the last touch. */
  of(cause: string): number
  /** True while any cause is suspected. */
  any(): boolean
  /** Counts these jobs, which were in hand of processes that touch nothing any more. */
  record(jobs: readonly { cause: string; process: string | null }[], alone: boolean): Promise<void>
  /** It came to an end in a process that lives on: it was not what killed. */
  survived(cause: string): Promise<void>
}

/** So many deaths make a dead letter. */
export const MOST_DEATHS = 3
/** Less than a job is left before it is taken back, for a process touches its row when it touches its jobs. */
const GONE_SECONDS = 6

export function createJobDeaths(db: Kysely<Operations>, process: string = randomUUID()): JobDeaths {
  let counts = new Map<string, number>()
  const touch = async () => {
    const { rows } = await settle(
      sql<{ cause: string; deaths: number }>`
        WITH me AS (INSERT INTO queue_processes (id, uses_jobs) VALUES (${process}, true)
            ON CONFLICT (id) DO UPDATE SET touched_at = now()),
          mine AS (DELETE FROM job_deaths WHERE process = ${process})
        SELECT cause, count(*)::int AS deaths FROM job_deaths WHERE process <> ${process} GROUP BY cause`.execute(db),
    )
    counts = new Map(rows.map(({ cause, deaths }) => [cause, deaths]))
  }
  return {
    process,
    touch,
    async stopping() {
      await settle(
        db
          .insertInto('queue_processes')
          .values({ id: process, stopping: true, uses_jobs: true })
          .onConflict((on) => on.column('id').doUpdateSet({ stopping: true }))
          .execute(),
      )
    },
    of: (cause) => counts.get(cause) ?? 0,
    any: () => counts.size > 0,
    async record(jobs, alone) {
      const named = jobs.flatMap(({ cause, process: of }) => (of === null ? [] : [{ cause, process: of }]))
      if (named.length === 0) return
      await settle(
        sql`INSERT INTO job_deaths (cause, process)
          SELECT cause, process::uuid FROM unnest(${named.map((one) => one.cause)}::text[],
            ${named.map((one) => one.process)}::text[]) AS job (cause, process)
          WHERE NOT EXISTS (SELECT FROM queue_processes AS known WHERE known.id = job.process::uuid AND (known.stopping
            OR NOT ${alone}::boolean AND known.touched_at > now() - ${GONE_SECONDS} * interval '1 second'))
          ON CONFLICT DO NOTHING`.execute(db),
      )
      await touch()
    },
    async survived(cause) {
      if (!counts.delete(cause)) return
      await settle(db.deleteFrom('job_deaths').where('cause', '=', cause).execute())
    },
  }
}

/** Forgets every death: the operator wants what died to be tried again. */
export async function forgetDeaths(db: Kysely<Operations>): Promise<void> {
  await settle(db.deleteFrom('job_deaths').execute())
}

export async function dropOldDeaths(db: Kysely<Operations>, before: Date, limit: number): Promise<number> {
  const { rows } = await settle(
    sql`DELETE FROM job_deaths WHERE ctid IN
      (SELECT ctid FROM job_deaths WHERE died_at < ${before} LIMIT ${limit}) RETURNING cause`.execute(db),
  )
  return rows.length
}

export async function dropOldProcesses(db: Kysely<Operations>, before: Date, limit: number): Promise<number> {
  const { rows } = await settle(
    sql`DELETE FROM queue_processes WHERE id IN
      (SELECT id FROM queue_processes WHERE touched_at < ${before} LIMIT ${limit}) RETURNING id`.execute(db),
  )
  return rows.length
}
