import { setTimeout as sleep } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { Postponed, Unavailable, UserError } from '../domain/errors.ts'
import { createInHand } from './in-hand.ts'
import { CLASS, DEADLY, isSuspect, suspectClass, SUSPECTS } from './job-classes.ts'
import { type JobDeaths, MOST_DEATHS } from './job-deaths.ts'
import { createPuts } from './queue-puts.ts'
import {
  analyse,
  complete,
  DEAD_LETTERS,
  defer,
  dropFailed,
  endRetries,
  findOrphans,
  handBack,
  hasReady,
  known,
  postpone,
  release,
  type Stored,
  take,
  takeBack,
  waits,
} from './queue-jobs.ts'
import { createBatcher } from '../ops/batcher.ts'
import { withTimeout } from '../ops/retry.ts'
import { runGuarded } from '../ops/suspend-guard.ts'
import { settle } from './store.ts'

/**
 * A durable queue: in order within a key, in parallel across keys.
 *
 * A job is created → active → completed; a failure makes it wait in `retry` with a growing delay, and it keeps
 * its key's line meanwhile. After the last retry it goes to the dead letters with its reason and leaves the line.
 * A store that is away (Unavailable) costs no retry: the job waits and comes again for as long as a week. Nor does
 * the death of the process that had the job: whoever works on the store takes it back once it is no longer touched. But
 * deaths are counted (job-deaths.ts): what was in hand then is tried alone afterwards, and is a dead letter at the third.
 * A group has a few jobs in hand at once and leaves room for the others, however many wait. Of heavy ones one at a
 * time is in hand: what lies in memory is bounded, whatever waits and however large it is.
 * pg-boss's own `work()` sleeps between fetches; this loop fetches until the queue is empty and is woken by `put`.
 */
export interface QueuedJob<T> {
  id: string
  key: string
  /** Whose work it is, where one is not to keep out another: `installation/repository/person`, or the beginning of it. */
  group?: string | undefined
  /** True of somebody's who is known to validate there: it is taken before others'. */
  first?: boolean
  /** True of what need not be done twice: while the same waits and has not begun, it is not stored. */
  joins?: boolean
  data: T
}

/**
 * A job in hand. `lastTry`: should it fail now, it goes to the dead letters. `deadly`: it goes there whatever comes of
 * it, for processes died of it: all there is to do is to say so.
 */
export type Taken<T> = QueuedJob<T> & { lastTry: boolean; deadly: boolean }

/** How deaths are counted, and what a job is about: by this the same work is known under another id. */
export interface DeathCount<T> {
  deaths: JobDeaths
  causeOf(job: Pick<QueuedJob<T>, 'id' | 'key' | 'data'>): string
}

export interface Queue<T> {
  /** False when a job of this id is known and did not fail, or one like it waits (`joins`). Throws Unavailable when it could not be stored. */
  put(job: QueuedJob<T>): Promise<boolean>
  /** Those of these ids that were ever put here, dead letters included, as far back as a week. */
  knows(ids: readonly string[]): Promise<Set<string>>
  run(handle: (job: Taken<T>) => Promise<void>): void
  /** How many jobs this process has in hand. */
  inHand(): number
  /** When it last looked for jobs and the store answered, in milliseconds. */
  lookedAt(): number
  /** Waits for the jobs in hand, and hands back what is not done after `ms`. */
  stop(ms: number): Promise<void>
}

interface QueueLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Characters of JSON. GitHub's deliveries have some 26,000, seldom 100,000, and may have 25 million. */
const HEAVY = 128 * 1024
/** So long others wait for a suspect: until what is in hand has ended, and then until it has. */
const ALONE_MS = 15_000
/** After such a wait that came to nothing. */
const GIVES_UP_MS = 60_000
const POLL_MS = 1_000
/** Work begins so much later at most while jobs are being stored: a sender waits for each. */
const GIVES_WAY_MS = 200
/** A fetch that takes so long was planned for a table as it was before the rush. */
const SLOW_MS = 30
const ANALYSED_MS = 30_000
const TOUCH_MS = 2_000
/** A store that hangs keeps them active: who works on it next takes them back. */
const HANDING_BACK_MS = 1_000
const SHORTEST_WAIT_MS = 500
const LONGEST_WAIT_MS = 300_000
const WEEK_MS = 7 * 24 * 3_600_000
const DAY_SECONDS = 24 * 3_600
const YEAR_SECONDS = 365 * DAY_SECONDS

const OPTIONS = {
  deadLetter: DEAD_LETTERS,
  retryLimit: 12,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 300,
  // No heartbeatSeconds: pg-boss would take ten and count the death as a try. `takeBack` does it here.
  expireInSeconds: DAY_SECONDS - 1,
  // GitHub redelivers for three days, an Enterprise Server for seven.
  deleteAfterSeconds: WEEK_MS / 1000,
  // By itself pg-boss drops what has waited for two weeks, as it may when nothing of ours runs.
  retentionSeconds: YEAR_SECONDS,
}

class Deadly extends Error {
  constructor() {
    super(
      `The process died ${MOST_DEATHS} times with this job in hand, so it is not tried again. ` +
        'Once the fault is mended, `wasteland-bridge redeliver` forgets the deaths, and GitHub’s page of deliveries sends it again.',
    )
  }
}

/** `alone`: no other process works on this store, so what is active is an orphan. */
export async function openQueue<T extends object>(
  pgBoss: PgBoss,
  name: string,
  alone: boolean,
  log: QueueLog,
  /** Called when a job in hand has ended and is not done. */
  ended: (result: 'deferred' | 'retried' | 'dead') => void = () => {},
  /** Without it no death is counted. */
  counting?: DeathCount<T>,
): Promise<Queue<T>> {
  await settle(pgBoss.createQueue(DEAD_LETTERS, { retentionSeconds: YEAR_SECONDS }))
  await settle(pgBoss.createQueue(name, { policy: 'key_strict_fifo', ...OPTIONS }))
  // One that an older version made has the options of that version.
  await settle(pgBoss.updateQueue(name, OPTIONS))
  const deaths = counting?.deaths
  const causeOf = (job: { id: string; singletonKey: string | null; data: T }) =>
    `${name} ${counting?.causeOf({ id: job.id, key: job.singletonKey ?? '', data: job.data })}`
  const deathsOf = (job: Parameters<typeof causeOf>[0]) =>
    deaths?.any() === true && job.data !== null ? deaths.of(causeOf(job)) : 0
  await takeBackOrphans({ inHand: [], ended: [], alone })
  const inHand = createInHand()
  const unsettled = new Set<string>()
  const store = createPuts<T>(pgBoss, name)
  const isKnown = createBatcher(async (ids: readonly string[]) => {
    const found = await known(pgBoss, name, ids)
    return ids.map((id) => found.has(id))
  })
  let storing = 0
  // Jobs of one set of the ledger's end at the same moment.
  const completed = createBatcher(async (ids: readonly string[]) => {
    await complete(pgBoss, name, ids)
    return ids
  })
  let stopped = false
  let wake = () => {}
  let lookedAt = Date.now()
  let heavyLookedAt = 0
  let fetchedAt = 0
  let analysedAt = 0
  let handedBack = false
  const suspect = { since: 0, lookedAt: 0, givenUpAt: 0 }

  async function takeBackOrphans(which: Parameters<typeof findOrphans>[2]) {
    const orphans = await findOrphans<T>(pgBoss, name, which)
    if (orphans.length === 0) return
    const died = orphans.filter(({ id }) => !which.ended.includes(id))
    await deaths?.record(
      died.map((job) => ({ cause: causeOf(job), process: job.process })),
      which.alone,
    )
    const classed = orphans.map((job) => ({ ...job, priority: classOf(job) }))
    await takeBack(pgBoss, name, classed)
  }

  function classOf(job: Parameters<typeof causeOf>[0] & { priority: number }): number {
    const counted = deathsOf(job)
    return counted > 0 ? suspectClass(counted) : job.priority
  }

  async function finish(job: Stored<T>, handle: (job: Taken<T>) => Promise<void>) {
    try {
      const lastTry = job.retryCount >= job.retryLimit || Date.now() - job.createdOn.getTime() >= WEEK_MS
      const deadly = job.priority === DEADLY && (await isDeadly(job))
      const taken = { id: job.id, key: job.singletonKey ?? '', data: job.data, lastTry, deadly }
      const work = runGuarded(() => handle(taken))
      if (deadly) {
        await work.catch(() => {})
        throw new Deadly()
      }
      await work
      if (!handedBack) await completed(job.id)
    } catch (error) {
      // Whoever has it now says what comes of it.
      if (handedBack) return
      if (stopped && error instanceof Unavailable) return handBack(pgBoss, name, [job.id])
      await fail(job, error)
      if (error instanceof Unavailable || error instanceof Deadly) return
    }
    if (isSuspect(job.priority)) await deaths?.survived(causeOf(job))
  }

  /** Deaths may have been taken back since they were counted: the process had been asleep. */
  async function isDeadly(job: Stored<T>): Promise<boolean> {
    await deaths?.touch()
    return deathsOf(job) >= MOST_DEATHS
  }

  async function fail(job: Stored<T>, error: unknown) {
    const age = Date.now() - job.createdOn.getTime()
    if (error instanceof Unavailable && age < WEEK_MS) {
      const at = Math.max(
        Date.now() + SHORTEST_WAIT_MS,
        error.retryAt?.getTime() ?? Date.now() + Math.min(age / 4, LONGEST_WAIT_MS),
      )
      if (error instanceof Postponed) await postpone(pgBoss, name, job.id, new Date(at))
      else {
        log.warn({ err: error, job: job.id, until: new Date(at) }, 'queue: waits for a store or for GitHub')
        await defer(pgBoss, name, job.id, new Date(at))
      }
      ended('deferred')
      return
    }
    // What its sender must mend will not be better the next time.
    const hopeless = error instanceof UserError || error instanceof Unavailable || error instanceof Deadly
    const final = hopeless || job.retryCount >= job.retryLimit
    if (hopeless) await endRetries(pgBoss, name, job.id)
    log.error({ err: error, job: job.id, key: job.singletonKey, final }, 'queue: a job failed')
    await pgBoss.fail(name, job.id, { message: error instanceof Error ? error.message.slice(0, 500) : 'unknown' })
    ended(final ? 'dead' : 'retried')
    if (final) await release(pgBoss, name)
  }

  async function fetchSome(handle: (job: Taken<T>) => Promise<void>): Promise<number> {
    const room = inHand.room()
    const ofGroup = inHand.mostOfGroup()
    // Each is a write to disk, however few it may take: better few of them.
    if (room <= 0 || (room < ofGroup && Date.now() - fetchedAt < POLL_MS)) return 0
    const decision = await suspectsDecision()
    if (decision === 'wait') return 0
    if (decision === 'take') return takeSuspect(handle)
    fetchedAt = Date.now()
    const first = await begin(handle, Math.min(room, ofGroup), CLASS.first)
    const light = first + (await begin(handle, Math.min(inHand.room(), ofGroup), CLASS.light))
    if (Date.now() - heavyLookedAt < POLL_MS || inHand.hasHeavy()) return light
    heavyLookedAt = Date.now()
    return light + ((await begin(handle, 1, CLASS.firstHeavy)) || (await begin(handle, 1, CLASS.heavy)))
  }

  /** Whether a suspect is to be taken, waited for, or none is there. It is tried with nothing beside it. */
  async function suspectsDecision(): Promise<'take' | 'wait' | undefined> {
    const now = Date.now()
    if (inHand.hasSuspect()) return now - suspect.since < ALONE_MS ? 'wait' : undefined
    // Whether or not any death is counted now: it may have been taken back, and the suspect waits nonetheless.
    if (deaths === undefined || now - suspect.givenUpAt < GIVES_UP_MS) return undefined
    if (suspect.since === 0) {
      if (now - suspect.lookedAt < POLL_MS) return undefined
      suspect.lookedAt = now
      if (!(await hasReady(pgBoss, name, [...SUSPECTS, DEADLY]))) return undefined
      suspect.since = now
    }
    if (inHand.jobs.size === 0) return 'take'
    if (now - suspect.since < ALONE_MS) return 'wait'
    suspect.since = 0
    suspect.givenUpAt = now
    return undefined
  }

  async function takeSuspect(handle: (job: Taken<T>) => Promise<void>): Promise<number> {
    suspect.since = Date.now()
    const buried = await begin(handle, inHand.room(), DEADLY)
    if (buried > 0) return buried
    for (const priority of SUSPECTS) if ((await begin(handle, 1, priority)) > 0) return 1
    // The first of its line waits, and it is not that.
    suspect.since = 0
    return 0
  }

  async function begin(handle: (job: Taken<T>) => Promise<void>, most: number, priority: number): Promise<number> {
    if (most <= 0) return 0
    const began = Date.now()
    const but = inHand.fullGroups(priority === CLASS.first || priority === CLASS.firstHeavy)
    const process = deaths && { process: deaths.process }
    const all = await take<T>(pgBoss, name, { most, priority, but, ...process })
    // The same work as killed before, under another id.
    const marked = isSuspect(priority) ? [] : all.filter((job) => deathsOf(job) > 0)
    for (const job of marked) await handBack(pgBoss, name, [job.id], classOf(job))
    const jobs = all.filter((job) => !marked.includes(job))
    if (Date.now() - began > SLOW_MS && began - analysedAt > ANALYSED_MS) {
      analysedAt = began
      // What was taken is not to wait for it.
      void analyse(pgBoss).catch(() => {})
    }
    if (stopped) {
      await handBack(
        pgBoss,
        name,
        jobs.map((job) => job.id),
      )
      return 0
    }
    // One that is in hand already was taken back while the store was away from us; its first run goes on.
    for (const job of jobs.filter(({ id }) => !inHand.jobs.has(id))) {
      const work = finish(job, handle)
        .catch((error: unknown) => {
          log.warn({ err: error, job: job.id }, 'queue: the outcome of a job could not be stored')
          unsettled.add(job.id)
        })
        .finally(() => {
          inHand.end(job.id)
          wake()
        })
      inHand.add(job.id, { work, group: job.groupId, priority: job.priority })
    }
    return jobs.length
  }

  /** A job of ours names this process, which must be known before it can die. */
  async function start() {
    while (!stopped && deaths !== undefined) {
      const isKnown = await deaths.touch().then(
        () => true,
        () => false,
      )
      if (isKnown) return
      await sleep(POLL_MS)
    }
  }

  async function loop(handle: (job: Taken<T>) => Promise<void>) {
    while (!stopped) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      for (const began = Date.now(); storing > 0 && Date.now() - began < GIVES_WAY_MS;) await sleep(GIVES_WAY_MS / 20)
      const fetched = await fetchSome(handle).catch(() => undefined)
      if (fetched !== undefined) lookedAt = Date.now()
      if (fetched) continue
      const timer = setTimeout(() => wake(), POLL_MS)
      await woken
      clearTimeout(timer)
    }
  }

  const touches = setInterval(() => {
    const ids = [...inHand.jobs.keys()]
    if (ids.length > 0) pgBoss.touch(name, ids).catch(() => {})
    if (looping !== undefined) deaths?.touch().catch(() => {})
    const over = [...unsettled].filter((id) => !inHand.jobs.has(id))
    takeBackOrphans({ inHand: ids, ended: over, alone: false }).then(
      () => over.forEach((id) => unsettled.delete(id)),
      () => {},
    )
  }, TOUCH_MS)
  const releases = setInterval(() => void release(pgBoss, name).catch(() => {}), 10_000)
  touches.unref()
  releases.unref()
  let looping: Promise<void> | undefined

  return {
    async put({ id, key, group, first, joins, data }) {
      if (joins === true && (await waits(pgBoss, name, key, data))) return false
      const isLarge = JSON.stringify(data).length > HEAVY
      const priority = first ? (isLarge ? CLASS.firstHeavy : CLASS.first) : isLarge ? CLASS.heavy : CLASS.light
      const job = { id, singletonKey: key, priority, data, ...(group === undefined ? {} : { group: { id: group } }) }
      storing++
      try {
        return (await store(job)) || ((await dropFailed(pgBoss, name, id)) && (await store(job)))
      } finally {
        storing--
        wake()
      }
    },
    async knows(ids) {
      const found = await Promise.all(ids.map(isKnown))
      return new Set(ids.filter((_, n) => found[n]))
    },
    run(handle) {
      inHand.start()
      looping = start().then(() => loop(handle))
    },
    inHand: () => inHand.jobs.size,
    lookedAt: () => lookedAt,
    async stop(ms) {
      stopped = true
      wake()
      clearInterval(touches)
      clearInterval(releases)
      // First: what may be left in hand below is none of its death.
      if (looping !== undefined) void deaths?.stopping().catch(() => {})
      const done = async () => {
        await looping
        await Promise.all([...inHand.jobs.values()].map(({ work }) => work))
      }
      await Promise.race([done(), new Promise((resolve) => setTimeout(resolve, ms).unref())])
      handedBack = true
      if (inHand.jobs.size > 0)
        await withTimeout(HANDING_BACK_MS, handBack(pgBoss, name, [...inHand.jobs.keys()]), 'the store hangs')
    },
  }
}
