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
 * A job is created → active → completed; a failure makes it wait in `retry` with a growing delay, and it keeps
 * its key's line meanwhile. After the last retry it goes to the dead letters with its reason and leaves the line.
 * A store that is away (Unavailable) costs no retry: the job waits and comes again for as long as a week. Nor does
 * the death of the process that had the job: whoever works on the store takes it back once it is no longer touched. But
 * deaths are counted (job-deaths.ts): what was in hand then is tried alone afterwards, and is a dead letter at the third.
 * A group has a few jobs in hand at once and leaves room for the others, however many wait. Of heavy ones one at a
 * time is in hand: what lies in memory is bounded, whatever waits and however large it is.
 */
export interface Queue<T> {
  /** False when a job of this id is known and did not fail, or one like it waits (`joins`). Throws Unavailable when it could not be stored. */
  put(job: QueuedJob<T>): Promise<boolean>
  /** Those of these ids that were ever put here, dead letters included, as far back as a week. */
  knows(ids: readonly string[]): Promise<Set<string>>
  run(handle: Handler<T>): void
  /** How many jobs this process has in hand. */
  inHand(): number
  /** When it last looked for jobs and the store answered, in milliseconds. */
  lastPolledAt(): number
  /** Waits for the jobs in hand, and hands back what is not done after `ms`. */
  stop(ms: number): Promise<void>
}

/** A store that hangs keeps them active: who works on it next takes them back. */
const HANDING_BACK_MS = 1_000

/** `alone`: no other process works on this store, so what is active is an orphan. */
export async function openQueue<T extends object>(
  db: Kysely<Operations>,
  name: string,
  alone: boolean,
  log: QueueLog,
  /** Called when a job in hand has ended and is not done. */
  ended: (result: NotDone) => void = () => {},
  /** Without it no death is counted. */
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
        worker.wake()
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
      // First: what may be left in hand below is none of its death.
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

/** Every two seconds: says that this process and its jobs live, and takes back the jobs of those that do not. */
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
