import { setTimeout as sleep } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { Unavailable, UserError } from '../domain/errors.ts'
import { createInHand } from './in-hand.ts'
import { createPuts } from './queue-puts.ts'
import {
  analyse,
  complete,
  DEAD_LETTERS,
  defer,
  dropFailed,
  endRetries,
  handBack,
  known,
  release,
  type Stored,
  take,
  takeBack,
  waits,
} from './queue-jobs.ts'
import { gather } from '../ops/gather.ts'
import { within } from '../ops/patience.ts'
import { beginWork } from '../ops/stops.ts'
import { settle } from './store.ts'

/**
 * A durable queue: in order within a key, in parallel across keys.
 *
 * A job is created → active → completed; a failure makes it wait in `retry` with a growing delay, and it keeps
 * its key's line meanwhile. After the last retry it goes to the dead letters with its reason and leaves the line.
 * A store that is away (Unavailable) costs no retry: the job waits and comes again for as long as a week. Nor does
 * the death of the process that had the job: whoever works on the store takes it back once it is no longer touched.
 * A group has a few jobs in hand at once and leaves room for the others, however many wait. Of heavy ones one at a
 * time is in hand: what lies in memory is bounded, whatever waits and however large it is.
 * pg-boss's own `work()` sleeps between fetches; this loop fetches until the queue is empty and is woken by `put`.
 */
export interface Job<T> {
  id: string
  key: string
  /** Whose work it is, where one is not to keep out another. */
  group?: string | undefined
  /** True of what need not be done twice: while the same waits and has not begun, it is not stored. */
  joins?: boolean
  data: T
}

/** A job in hand. `lastTry`: should it fail now, it goes to the dead letters. */
export type Taken<T> = Job<T> & { lastTry: boolean }

export interface Queue<T> {
  /** False when a job of this id is known and did not fail, or one like it waits (`joins`). Throws Unavailable when it could not be stored. */
  put(job: Job<T>): Promise<boolean>
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

interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Characters of JSON. GitHub's deliveries have some 26,000, seldom 100,000, and may have 25 million. */
const HEAVY = 128 * 1024
/** Lower is later, so they are fetched apart. */
const PRIORITY = { light: 0, heavy: -1 }
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

/** `alone`: no other process works on this store, so what is active is an orphan. */
export async function openQueue<T extends object>(
  boss: PgBoss,
  name: string,
  alone: boolean,
  log: Log,
  /** Called when a job in hand has ended and is not done. */
  ended: (result: 'deferred' | 'retried' | 'dead') => void = () => {},
): Promise<Queue<T>> {
  await settle(boss.createQueue(DEAD_LETTERS, { retentionSeconds: YEAR_SECONDS }))
  await settle(boss.createQueue(name, { policy: 'key_strict_fifo', ...OPTIONS }))
  // One that an older version made has the options of that version.
  await settle(boss.updateQueue(name, OPTIONS))
  if (alone) await handBack(boss, name)
  const inHand = createInHand()
  const unsettled = new Set<string>()
  const store = createPuts<T>(boss, name)
  const isKnown = gather(async (ids: readonly string[]) => {
    const found = await known(boss, name, ids)
    return ids.map((id) => found.has(id))
  })
  let storing = 0
  // Jobs of one set of the ledger's end at the same moment.
  const completed = gather(async (ids: readonly string[]) => {
    await complete(boss, name, ids)
    return ids
  })
  let stopped = false
  let wake = () => {}
  let lookedAt = Date.now()
  let heavyLookedAt = 0
  let fetchedAt = 0
  let analysedAt = 0
  let handedBack = false

  async function finish(job: Stored<T>, handle: (job: Taken<T>) => Promise<void>) {
    try {
      const lastTry = job.retryCount >= job.retryLimit || Date.now() - job.createdOn.getTime() >= WEEK_MS
      await beginWork(() => handle({ id: job.id, key: job.singletonKey ?? '', data: job.data, lastTry }))
      if (!handedBack) await completed(job.id)
    } catch (error) {
      // Whoever has it now says what comes of it.
      if (handedBack) return
      if (stopped && error instanceof Unavailable) await handBack(boss, name, [job.id])
      else await fail(job, error)
    }
  }

  async function fail(job: Stored<T>, error: unknown) {
    const age = Date.now() - job.createdOn.getTime()
    if (error instanceof Unavailable && age < WEEK_MS) {
      const at = Math.max(
        Date.now() + SHORTEST_WAIT_MS,
        error.retryAt?.getTime() ?? Date.now() + Math.min(age / 4, LONGEST_WAIT_MS),
      )
      log.warn({ err: error, job: job.id, until: new Date(at) }, 'queue: waits for a store or for GitHub')
      await defer(boss, name, job.id, new Date(at))
      ended('deferred')
      return
    }
    // What its sender must mend will not be better the next time.
    const hopeless = error instanceof UserError || error instanceof Unavailable
    const final = hopeless || job.retryCount >= job.retryLimit
    if (hopeless) await endRetries(boss, name, job.id)
    log.error({ err: error, job: job.id, key: job.singletonKey, final }, 'queue: a job failed')
    await boss.fail(name, job.id, { message: error instanceof Error ? error.message.slice(0, 500) : 'unknown' })
    ended(final ? 'dead' : 'retried')
    if (final) await release(boss, name)
  }

  async function fetchSome(handle: (job: Taken<T>) => Promise<void>): Promise<number> {
    const room = inHand.room()
    const ofGroup = inHand.mostOfGroup()
    // Each is a write to disk, however few it may take: better few of them.
    if (room <= 0 || (room < ofGroup && Date.now() - fetchedAt < POLL_MS)) return 0
    fetchedAt = Date.now()
    const light = await begin(handle, Math.min(room, ofGroup), PRIORITY.light)
    if (Date.now() - heavyLookedAt < POLL_MS || inHand.hasHeavy()) return light
    heavyLookedAt = Date.now()
    return light + (await begin(handle, 1, PRIORITY.heavy))
  }

  async function begin(handle: (job: Taken<T>) => Promise<void>, most: number, priority: number): Promise<number> {
    const began = Date.now()
    const jobs = await take<T>(boss, name, { most, priority, but: inHand.fullGroups() })
    if (Date.now() - began > SLOW_MS && began - analysedAt > ANALYSED_MS) {
      analysedAt = began
      // What was taken is not to wait for it.
      void analyse(boss).catch(() => {})
    }
    if (stopped) {
      await handBack(
        boss,
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
      inHand.add(job.id, { work, group: job.groupId, heavy: job.priority === PRIORITY.heavy })
    }
    return jobs.length
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
    if (ids.length > 0) boss.touch(name, ids).catch(() => {})
    const over = [...unsettled].filter((id) => !inHand.jobs.has(id))
    takeBack(boss, name, ids, over).then(
      () => over.forEach((id) => unsettled.delete(id)),
      () => {},
    )
  }, TOUCH_MS)
  const releases = setInterval(() => void release(boss, name).catch(() => {}), 10_000)
  touches.unref()
  releases.unref()
  let looping: Promise<void> | undefined

  return {
    async put({ id, key, group, joins, data }) {
      if (joins === true && (await waits(boss, name, key, data))) return false
      const priority = JSON.stringify(data).length > HEAVY ? PRIORITY.heavy : PRIORITY.light
      const job = { id, singletonKey: key, priority, data, ...(group === undefined ? {} : { group: { id: group } }) }
      storing++
      try {
        return (await store(job)) || ((await dropFailed(boss, name, id)) && (await store(job)))
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
      looping = loop(handle)
    },
    inHand: () => inHand.jobs.size,
    lookedAt: () => lookedAt,
    async stop(ms) {
      stopped = true
      wake()
      clearInterval(touches)
      clearInterval(releases)
      const done = async () => {
        await looping
        await Promise.all([...inHand.jobs.values()].map(({ work }) => work))
      }
      await Promise.race([done(), new Promise((resolve) => setTimeout(resolve, ms).unref())])
      handedBack = true
      if (inHand.jobs.size > 0)
        await within(HANDING_BACK_MS, handBack(boss, name, [...inHand.jobs.keys()]), 'the store hangs')
    },
  }
}
