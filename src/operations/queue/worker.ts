import { setTimeout as sleep } from 'node:timers/promises'
import { createFinish, type FinishDeps } from './finish.ts'
import type { InHand } from './in-hand.ts'
import { CLASS, isSuspect } from './job-classes.ts'
import type { ActiveJob, Handler } from './job.ts'
import { createSuspects } from './suspects.ts'
import { createAnalyse, handBack, takeJobs } from './take.ts'

const POLL_MS = 1_000
/** The longest delay of work while jobs are being stored: a sender waits for each. */
const GIVES_WAY_MS = 200
/** A fetch that takes this long was planned with statistics from before the rush. */
const SLOW_MS = 30

export interface WorkerDeps<T> extends FinishDeps<T> {
  inHand: InHand
  /** Ids of jobs that ended and whose outcome could not be stored. */
  unsettled: Set<string>
  /** Whether jobs are being enqueued. */
  isStoring(): boolean
  /** Called when what came of a job has been stored. */
  outcomeStored(): void
}

/**
 * Takes jobs until fewer come than were asked for, and polls again when it is woken, or once a second: what waits behind
 * others is free when one of them ends.
 */
export interface Worker<T> {
  /** Resolves once the queue has stopped and nothing more is taken. */
  run(handle: Handler<T>): Promise<void>
  /** Polls now, and again after so many milliseconds, when a job that is stored with this delay is due. */
  wake(delayMs?: number): void
  /** The time of the last poll that the store answered, in milliseconds since 1970. */
  lastPolledAt(): number
}

export function createWorker<T>(deps: WorkerDeps<T>): Worker<T> {
  const { stage, isStoring, deathsOfJobs } = deps
  const wakes = { wake() {} }
  let lastPolledAt = Date.now()

  /** Registers this process, which its jobs name: it must be known before it can die. */
  async function becomeKnown() {
    const { deaths } = deathsOfJobs
    while (!stage.stopped && deaths !== undefined) {
      const isKnown = await deaths.touch().then(
        () => true,
        () => false,
      )
      if (isKnown) return
      await sleep(POLL_MS)
    }
  }

  return {
    async run(handle) {
      const fetchSome = createFetch(
        deps,
        createBegin(deps, handle, () => wakes.wake()),
      )
      await becomeKnown()
      while (!stage.stopped) {
        const woken = new Promise<void>((resolve) => (wakes.wake = resolve))
        for (const began = Date.now(); isStoring() && Date.now() - began < GIVES_WAY_MS;) await sleep(GIVES_WAY_MS / 20)
        const mayHaveMore = await fetchSome().catch(() => undefined)
        if (mayHaveMore !== undefined) lastPolledAt = Date.now()
        if (mayHaveMore === true) continue
        const timer = setTimeout(() => wakes.wake(), POLL_MS)
        await woken
        clearTimeout(timer)
      }
    },
    wake(delayMs = 0) {
      wakes.wake()
      if (delayMs > 0) setTimeout(() => wakes.wake(), delayMs).unref()
    },
    lastPolledAt: () => lastPolledAt,
  }
}

type Begin = (most: number, priority: number) => Promise<number>

/**
 * Takes as many jobs as the limits allow: a suspect alone, else the class `first`, light ones, and one heavy one.
 * Resolves to true where there may be more of them.
 */
function createFetch<T>({ db, holder, inHand, deathsOfJobs }: WorkerDeps<T>, begin: Begin): () => Promise<boolean> {
  const suspects = createSuspects(db, holder.queue, inHand, deathsOfJobs.deaths !== undefined)
  let fetchedAt = 0
  let heavyPolledAt = 0
  return async () => {
    const room = inHand.room()
    const ofGroup = inHand.mostOfGroup()
    // Each fetch is a write to disk, however few jobs it takes: better few fetches.
    if (room <= 0 || (room < ofGroup && Date.now() - fetchedAt < POLL_MS)) return false
    const decision = await suspects.decide()
    if (decision === 'wait') return false
    if (decision === 'take' && (await suspects.take(begin)) > 0) return true
    fetchedAt = Date.now()
    const most = Math.min(room, ofGroup)
    const isFull = (await begin(most, CLASS.first)) === most
    const left = Math.min(inHand.room(), ofGroup)
    const mayHaveMore = (await begin(left, CLASS.light)) === left || isFull
    if (Date.now() - heavyPolledAt < POLL_MS || inHand.hasHeavy()) return mayHaveMore
    heavyPolledAt = Date.now()
    if ((await begin(1, CLASS.firstHeavy)) === 0) await begin(1, CLASS.heavy)
    return mayHaveMore
  }
}

/** Takes jobs of a priority and starts them. Resolves to their number. */
function createBegin<T>(deps: WorkerDeps<T>, handle: Handler<T>, wake: () => void): Begin {
  const { db, holder, log, inHand, unsettled, stage, outcomeStored } = deps
  const finish = createFinish(deps)
  const analyse = createAnalyse(db)

  function start(job: ActiveJob<T>) {
    const work = finish(job, handle)
      .then(outcomeStored)
      .catch((error: unknown) => {
        log.warn({ err: error, job: job.id }, 'queue: the outcome of a job could not be stored')
        unsettled.add(job.id)
      })
      .finally(() => {
        inHand.end(job.id)
        wake()
      })
    inHand.add(job.id, { work, group: job.group, priority: job.priority })
  }

  return async (most, priority) => {
    if (most <= 0) return 0
    const began = Date.now()
    const but = inHand.fullGroups(priority === CLASS.first || priority === CLASS.firstHeavy)
    // Also where it was so slow that it failed: the next is planned anew.
    const taken = await takeJobs<T>(db, holder.queue, { most, priority, but, process: holder.process }).finally(() => {
      if (Date.now() - began > SLOW_MS) analyse()
    })
    const jobs = await setAside(deps, taken)
    // Fewer than were asked for, though more may wait.
    if (jobs.length < taken.length) wake()
    if (stage.stopped) {
      await handBack(
        db,
        holder,
        jobs.map((job) => job.id),
      )
      return 0
    }
    // A job that is active here already was taken back while the store was away from us; its first run goes on.
    for (const job of jobs) if (!inHand.jobs.has(job.id)) start(job)
    return jobs.length
  }
}

/** Returns jobs whose cause killed before, under another id, to the suspects. Resolves to the others. */
async function setAside<T>(deps: WorkerDeps<T>, taken: readonly ActiveJob<T>[]): Promise<readonly ActiveJob<T>[]> {
  const { db, holder, deathsOfJobs } = deps
  const suspected = taken.filter((job) => !isSuspect(job.priority) && deathsOfJobs.deathsOf(job) > 0)
  for (const job of suspected) await handBack(db, holder, [job.id], deathsOfJobs.classOf(job))
  return taken.filter((job) => !suspected.includes(job))
}
