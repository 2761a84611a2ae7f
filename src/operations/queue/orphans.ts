import { type Kysely, sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { DeathsOfJobs } from './death-count.ts'
import type { JobHolder } from './job.ts'
import type { Operations } from '../schema.ts'

/** A process touches its jobs so often. */
export const TOUCH_MS = 2_000
/** A job that nobody has touched for so long was in hand of a process that is gone. */
export const ORPHANED_SECONDS = 8
/** And so long we have seen that nobody touches it: the database's clock may be put forward. */
const SEEN_MS = 3_500
/** A store that was away from us for so long may have been away from others: what was seen before says nothing. */
const AWAY_MS = 5_000

/** An active job that nobody works on any more, and the process that had it. */
interface Orphan<T> {
  id: string
  key: string
  priority: number
  data: T
  process: string | null
  /** When it was touched last, as Postgres says. */
  touched: string | null
  /** By the database's clock it was not touched for so long that its process is gone. */
  isSilent: boolean
}

interface Which {
  /** Ours, even if the store was away from us. */
  inHand: readonly string[]
  /** Ours, whose outcome could not be stored. */
  ended: readonly string[]
  /** We have seen nothing yet, and rely on the database's clock. */
  isStart: boolean
  /** Nobody else works here, so every other is an orphan. */
  alone: boolean
}

/** Gives the active jobs of processes that died back to the line, and counts the deaths. */
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

/** Tells, of what was found just now, what has been found before and not been touched since. */
function createWatch() {
  let seen = new Map<string, { touched: string | null; since: number }>()
  let lookedAt = performance.now()
  return (found: readonly Pick<Orphan<unknown>, 'id' | 'touched'>[]) => {
    const now = performance.now()
    if (now - lookedAt > AWAY_MS) seen.clear()
    lookedAt = now
    const sinceOf = ({ id, touched }: (typeof found)[number]) => {
      const before = seen.get(id)
      return before?.touched === touched ? before.since : now
    }
    seen = new Map(found.map((job) => [job.id, { touched: job.touched, since: sinceOf(job) }]))
    return ({ id }: { id: string }) => now - (seen.get(id)?.since ?? now) >= SEEN_MS
  }
}

/** Those, and what has not been touched for half as long: it may be one soon. A time to come is of a clock put back. */
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

/** They wait as if never taken, unless somebody has touched them since. */
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
      UPDATE jobs SET state = 'created', heartbeat_at = NULL, process = NULL, priority = untouched.priority
      FROM untouched WHERE jobs.queue = ${queue} AND jobs.id = untouched.id`.execute(db),
  )
}
