import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { DeathsOfJobs } from './death-count.ts'
import type { JobHolder } from './job.ts'
import type { Operations } from '../schema.ts'

/** Interval of the heartbeat of active jobs. */
export const TOUCH_MS = 2_000
/** Without a heartbeat for this long a job is an orphan: its process is gone. */
export const ORPHANED_SECONDS = 8
/** We must also have watched a job for this long without a heartbeat: the database's clock may be put forward. */
const SEEN_MS = 3_500
/**
 * After the store was unreachable for this long, the watch begins anew: other processes may not have reached it either.
 */
const AWAY_MS = 5_000

/** An active job without a living process, and the process that had it. */
interface Orphan<T> {
  id: string
  key: string
  priority: number
  data: T
  process: string | null
  /** The time of its last heartbeat, as Postgres gives it. */
  touched: string | null
  /** By the database's clock it had no heartbeat for so long that its process is gone. */
  isSilent: boolean
}

interface Which {
  /** Jobs of this process, which are never orphans, even after the store was unreachable. */
  inHand: readonly string[]
  /** Jobs of this process whose outcome could not be stored. */
  ended: readonly string[]
  /** At the start nothing has been watched yet, and the database's clock decides. */
  isStart: boolean
  /** No other process works here, so every job of another is an orphan. */
  alone: boolean
}

/** Returns the active jobs of dead processes to the queue, and counts the deaths. */
export type TakeBackOrphans = (which: Which) => Promise<void>

export function createTakeBackOrphans<T>(
  db: Kysely<Operations>,
  holder: JobHolder,
  { deaths, causeOf, classOf }: DeathsOfJobs<T>,
): TakeBackOrphans {
  const isUntouched = createWatch()
  return async (which) => {
    const found = await findOrphans<T>(db, holder, which)
    const untouched = isUntouched(found)
    const isOver = ({ id, process }: Orphan<T>) => which.ended.includes(id) && process === (holder.process ?? null)
    const isGone = (job: Orphan<T>) => which.alone || (job.isSilent && (which.isStart || untouched(job)))
    const orphans = found.filter((job) => isOver(job) || isGone(job))
    if (orphans.length === 0) return
    await deaths?.record(
      orphans.filter((job) => !isOver(job)).map((job) => ({ cause: causeOf(job), process: job.process })),
      which.alone,
    )
    await takeBack(
      db,
      holder.queue,
      orphans.map((job) => ({ ...job, priority: classOf(job) })),
    )
  }
}

/** Selects, of the jobs found now, those that were found before and had no heartbeat since. */
function createWatch() {
  let seen = new Map<string, { touched: string | null; since: number }>()
  let watchedAt = performance.now()
  return (found: readonly Pick<Orphan<unknown>, 'id' | 'touched'>[]) => {
    const now = performance.now()
    if (now - watchedAt > AWAY_MS) seen.clear()
    watchedAt = now
    const sinceOf = ({ id, touched }: (typeof found)[number]) => {
      const before = seen.get(id)
      return before?.touched === touched ? before.since : now
    }
    seen = new Map(found.map((job) => [job.id, { touched: job.touched, since: sinceOf(job) }]))
    return ({ id }: { id: string }) => now - (seen.get(id)?.since ?? now) >= SEEN_MS
  }
}

/**
 * Finds orphans, and jobs without a heartbeat for half as long, which may become orphans soon. A heartbeat in the
 * future comes from a clock that was put back.
 */
async function findOrphans<T>(
  db: Kysely<Operations>,
  { queue }: JobHolder,
  { inHand, ended, alone }: Which,
): Promise<Orphan<T>[]> {
  const { rows } = await settle(
    sql<Orphan<T>>`
      SELECT id, key, priority, data, process, heartbeat_at::text AS touched,
        abs(extract(epoch FROM now() - heartbeat_at)) > ${ORPHANED_SECONDS} AS "isSilent" FROM jobs
      WHERE queue = ${queue} AND state = 'active' AND NOT id = ANY(${inHand}::uuid[])
        AND (${alone}::boolean OR id = ANY(${ended}::uuid[])
          OR abs(extract(epoch FROM now() - heartbeat_at)) > ${ORPHANED_SECONDS / 2})`.execute(db),
  )
  return rows
}

/** Makes them wait again at no cost of a retry, unless one has had a heartbeat since. */
async function takeBack(
  db: Kysely<Operations>,
  queue: string,
  orphans: readonly Pick<Orphan<unknown>, 'id' | 'priority' | 'touched'>[],
): Promise<void> {
  await settle(
    sql`WITH untouched AS (
        SELECT jobs.id, orphan.priority FROM jobs JOIN unnest(${orphans.map(({ id }) => id)}::uuid[],
          ${orphans.map((one) => one.priority)}::int[], ${orphans.map((one) => one.touched)}::text[])
          AS orphan (id, priority, touched) ON jobs.id = orphan.id
        WHERE jobs.queue = ${queue} AND jobs.state = 'active' AND jobs.heartbeat_at::text IS NOT DISTINCT FROM orphan.touched
        ORDER BY jobs.id FOR UPDATE OF jobs)
      UPDATE jobs SET state = 'created', process = NULL, priority = untouched.priority
      FROM untouched WHERE jobs.queue = ${queue} AND jobs.id = untouched.id`.execute(db),
  )
}
