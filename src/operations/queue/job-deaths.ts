import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations } from '../schema.ts'

/**
 * Detects poison jobs: counts, for each cause of a job, the processes that died while the job was active. A crash loop
 * has a job that causes it. The count lies in the operations store, so that replicas share it and a restart keeps it.
 *
 * A death needs proof: the process did not announce its shutdown, and is either known to be gone (`alone`: we hold its
 * lock) or has sent no heartbeat for as long as its jobs. A process that was only suspended takes its deaths back at
 * its next heartbeat. Counts are kept by cause and not by a job's id, because a redelivery or a later poll brings the
 * same work under another id.
 */
export interface JobDeaths {
  /** The id of this process, which each of its jobs names. */
  process: string
  /** Heartbeat: stores that this process lives, and reads the counts of others. Every few seconds. */
  touch(): Promise<void>
  /** Announces the shutdown of this process: the jobs that it leaves active were not its death. */
  stopping(): Promise<void>
  /** The deaths of a cause, as of the last heartbeat. */
  of(cause: string): number
  /** True while any cause is suspected. */
  any(): boolean
  /** Counts a death for each of these jobs, whose processes send no heartbeat any more. */
  record(jobs: readonly { cause: string; process: string | null }[], alone: boolean): Promise<void>
  /** Clears a cause: its job ended in a process that lives on. */
  survived(cause: string): Promise<void>
}

/** With this many deaths a job becomes a dead letter. */
export const MOST_DEATHS = 3
/** Shorter than a job's own timeout, for a process sends its heartbeat together with its jobs'. */
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

/** Resets all deaths: the operator wants the dead letters to be tried again. */
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
