import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { withTimeout } from '../../ops/retry.ts'
import { createDeathsOfJobs, type DeathCount, type DeathsOfJobs } from './death-count.ts'
import { createInHand, type InHand } from './in-hand.ts'
import type { Handler, JobHolder, NotDone, QueuedJob, QueueLog } from './job.ts'
import { createTakeBackOrphans, type TakeBackOrphans, TOUCH_MS } from './orphans.ts'
import { createIsKnown, createPut } from './put.ts'
import { handBack, touchJobs } from './take.ts'
import { createWorker } from './worker.ts'
import type { Operations } from '../schema.ts'

/**
 * A durable queue in the table `jobs`: in order within a key, in parallel across keys.
 *
 * A job is created → active → completed; after a failure it waits in `retry` with a growing delay, and the other jobs
 * of its key wait behind it. After the last retry it becomes a dead letter with its reason, and the next job of its key
 * goes on. A store that is away (Unavailable) costs no retry: the job is deferred, for as long as a week. Nor does the
 * death of the process that had the job: once the job has no heartbeat any more, another process takes it back. But
 * deaths are counted (job-deaths.ts): jobs that were active then are tried alone afterwards, and become dead letters at
 * the third death. A group has few active jobs at once and leaves room for the others, however many wait. One heavy job
 * at a time is active: memory stays bounded, whatever waits and however large it is.
 */
export interface Queue<T> {
  /**
   * Enqueues a job. False when a job of this id is known and did not fail, or an equal one waits (`joins`). Throws
   * Unavailable when it could not be stored.
   */
  put(job: QueuedJob<T>): Promise<boolean>
  /** Those of these ids that were ever enqueued, dead letters included, as far back as a week. */
  knows(ids: readonly string[]): Promise<Set<string>>
  run(handle: Handler<T>): void
  /** The number of active jobs of this process. */
  inHand(): number
  /** The time of the last poll that the store answered, in milliseconds since 1970. */
  lastPolledAt(): number
  /** Graceful shutdown: waits for the active jobs, and hands back those that are not done after `ms`. */
  stop(ms: number): Promise<void>
}

/** Timeout of handing back. A store that hangs keeps the jobs active; the next process takes them back. */
const HANDING_BACK_MS = 1_000

/** `alone`: no other process works on this store, so every active job is an orphan. */
export async function openQueue<T extends object>(
  db: Kysely<Operations>,
  name: string,
  alone: boolean,
  log: QueueLog,
  /** Called when an active job has ended and is not done. */
  ended: (result: NotDone) => void = () => {},
  /** Without it deaths are not counted. */
  counting?: DeathCount<T>,
  /** Called when what came of a job has been stored. */
  outcomeStored: () => void = () => {},
): Promise<Queue<T>> {
  const deathsOfJobs = createDeathsOfJobs(name, counting)
  const holder = { queue: name, process: deathsOfJobs.deaths?.process }
  const takeBackOrphans = createTakeBackOrphans(db, holder, deathsOfJobs)
  await takeBackOrphans({ inHand: [], ended: [], isStart: true, alone })
  const inHand = createInHand()
  const stage = { stopped: false, handedBack: false }
  const unsettled = new Set<string>()
  let storing = 0
  const worker = createWorker<T>({
    db,
    holder,
    log,
    ended,
    deathsOfJobs,
    stage,
    inHand,
    unsettled,
    isStoring: () => storing > 0,
    outcomeStored,
  })
  const store = createPut<T>(db, name)
  const isKnown = createIsKnown(db, name)
  let working: Promise<void> | undefined
  const touches = startTouches({
    db,
    holder,
    inHand,
    unsettled,
    deathsOfJobs,
    takeBackOrphans,
    isWorking: () => working !== undefined,
  })

  return {
    async put(job) {
      storing++
      try {
        return await store(job)
      } finally {
        storing--
        worker.wake(job.delayMs)
      }
    },
    async knows(ids) {
      const found = await Promise.all(ids.map(isKnown))
      return new Set(ids.filter((_, n) => found[n]))
    },
    run(handle) {
      inHand.start()
      working = worker.run(handle)
    },
    inHand: () => inHand.jobs.size,
    lastPolledAt: worker.lastPolledAt,
    async stop(ms) {
      stage.stopped = true
      worker.wake()
      clearInterval(touches)
      // Announced first: the jobs that are left active below are not counted as its death.
      if (working !== undefined) void deathsOfJobs.deaths?.stopping().catch(() => {})
      await Promise.race([workDone(working, inHand), sleep(ms, undefined, { ref: false })])
      stage.handedBack = true
      if (inHand.jobs.size > 0)
        await withTimeout(HANDING_BACK_MS, handBack(db, holder, [...inHand.jobs.keys()]), 'the store hangs')
    },
  }
}

async function workDone(working: Promise<void> | undefined, inHand: InHand): Promise<void> {
  await working
  await Promise.all([...inHand.jobs.values()].map(({ work }) => work))
}

interface TouchDeps<T> {
  db: Kysely<Operations>
  holder: JobHolder
  inHand: InHand
  unsettled: Set<string>
  deathsOfJobs: DeathsOfJobs<T>
  takeBackOrphans: TakeBackOrphans
  isWorking(): boolean
}

/** Every two seconds: sends the heartbeat of this process and its jobs, and takes back orphans. */
function startTouches<T>(deps: TouchDeps<T>): NodeJS.Timeout {
  const { db, holder, inHand, unsettled, deathsOfJobs, takeBackOrphans, isWorking } = deps
  const touch = () => {
    const ids = [...inHand.jobs.keys()]
    touchJobs(db, holder, ids).catch(() => {})
    if (isWorking()) deathsOfJobs.deaths?.touch().catch(() => {})
    const over = [...unsettled].filter((id) => !inHand.jobs.has(id))
    takeBackOrphans({ inHand: ids, ended: over, isStart: false, alone: false }).then(
      () => over.forEach((id) => unsettled.delete(id)),
      () => {},
    )
  }
  return setInterval(touch, TOUCH_MS).unref()
}
