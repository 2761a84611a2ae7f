import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { DeathsOfJobs } from './deaths-of-jobs.ts'
import type { Operations } from '../schema.ts'

/** A job that nobody has touched for so long was in hand of a process that is gone. */
export const ORPHANED_SECONDS = 8

/** An active job that nobody works on any more, and the process that had it. */
interface Orphan<T> {
  id: string
  key: string
  priority: number
  data: T
  process: string | null
  /** When it was touched last, as Postgres says. */
  touched: string | null
}

interface Which {
  /** Ours, even if the store was away from us. */
  inHand: string[]
  /** Ours, whose outcome could not be stored. */
  ended: string[]
  /** Nobody else works here, so every other is an orphan. */
  alone: boolean
}

/** Gives the active jobs of processes that died back to the line, and counts the deaths. */
export async function takeBackOrphans<T>(
  db: Kysely<Operations>,
  queue: string,
  which: Which,
  { deaths, causeOf, classOf }: DeathsOfJobs<T>,
): Promise<void> {
  const orphans = await findOrphans<T>(db, queue, which)
  if (orphans.length === 0) return
  const died = orphans.filter(({ id }) => !which.ended.includes(id))
  await deaths?.record(
    died.map((job) => ({ cause: causeOf(job), process: job.process })),
    which.alone,
  )
  await takeBack(
    db,
    queue,
    orphans.map((job) => ({ ...job, priority: classOf(job) })),
  )
}

async function findOrphans<T>(
  db: Kysely<Operations>,
  queue: string,
  { inHand, ended, alone }: Which,
): Promise<Orphan<T>[]> {
  const { rows } = await settle(
    sql<Orphan<T>>`
      SELECT id, key, priority, data, process, heartbeat_at::text AS touched FROM jobs
      WHERE queue = ${queue} AND state = 'active' AND NOT id = ANY(${inHand}::uuid[])
        AND (${alone}::boolean OR id = ANY(${ended}::uuid[])
          OR heartbeat_at < now() - ${ORPHANED_SECONDS} * interval '1 second')`.execute(db),
  )
  return rows
}

/** They wait as if never taken, unless somebody has touched them since. */
async function takeBack(
  db: Kysely<Operations>,
  queue: string,
  orphans: readonly Pick<Orphan<unknown>, 'id' | 'priority' | 'touched'>[],
): Promise<void> {
  await settle(
    sql`UPDATE jobs SET state = 'created', heartbeat_at = NULL, process = NULL, priority = orphan.priority
      FROM unnest(${orphans.map(({ id }) => id)}::uuid[], ${orphans.map((one) => one.priority)}::int[],
        ${orphans.map((one) => one.touched)}::text[]) AS orphan (id, priority, touched)
      WHERE jobs.queue = ${queue} AND jobs.state = 'active' AND jobs.id = orphan.id
        AND jobs.heartbeat_at::text IS NOT DISTINCT FROM orphan.touched`.execute(db),
  )
}
