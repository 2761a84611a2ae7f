import DataLoader from 'dataloader'
import { PgBoss } from 'pg-boss'
import { Unavailable, UserError } from '../domain/errors.ts'
import {
  complete,
  DEAD_LETTERS,
  defer,
  dropFailed,
  endRetries,
  handBack,
  known,
  release,
  takeBack,
  waits,
} from './queue-jobs.ts'
import { beginWork } from '../ops/stops.ts'
import { settle } from './store.ts'

/**
 * A durable queue: in order within a key, in parallel across keys.
 *
 * A job is created → active → completed; a failure makes it wait in `retry` with a growing delay, and it keeps
 * its key's line meanwhile. After the last retry it goes to the dead letters with its reason and leaves the line.
 * A store that is away (Unavailable) costs no retry: the job waits and comes again for as long as a week. Nor does
 * the death of the process that had the job: whoever works on the store takes it back once it is no longer touched.
 * A group has a few jobs in hand at once and leaves room for the others, however many wait.
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
  /** Waits for the jobs in hand, and hands back what is not done after `ms`. */
  stop(ms: number): Promise<void>
}

interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A long line at the ledger's writer goes in sets, so it pays to have many in hand. */
const IN_HAND = 512
/** A group with so many in hand gets no more until one is done. */
const IN_HAND_OF_GROUP = 64
const POLL_MS = 1_000
const TOUCH_MS = 2_000
const SHORTEST_WAIT_MS = 500
const LONGEST_WAIT_MS = 300_000
const WEEK_MS = 7 * 24 * 3_600_000
const DAY_SECONDS = 24 * 3_600
const YEAR_SECONDS = 365 * DAY_SECONDS

/** Opens pg-boss in its own schema. `alone`: no other process works on this store, so what is active is an orphan. */
export async function openBoss(url: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    max: 4,
    schedule: false,
    application_name: 'wasteland-bridge',
  })
  boss.on('error', (error) => log.warn({ err: error }, 'queue: the store answered with an error'))
  await settle(boss.start()).catch(async (error: unknown) => {
    await boss.stop({ graceful: false }).catch(() => {})
    throw error
  })
  return boss
}

export async function openQueue<T extends object>(
  boss: PgBoss,
  name: string,
  alone: boolean,
  log: Log,
): Promise<Queue<T>> {
  await settle(boss.createQueue(DEAD_LETTERS, { retentionSeconds: YEAR_SECONDS }))
  await settle(
    boss.createQueue(name, {
      policy: 'key_strict_fifo',
      deadLetter: DEAD_LETTERS,
      retryLimit: 12,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      // No heartbeatSeconds: pg-boss would take ten and count the death as a try. `takeBack` does it here.
      expireInSeconds: DAY_SECONDS - 1,
      // GitHub redelivers for three days, an Enterprise Server for seven.
      deleteAfterSeconds: WEEK_MS / 1000,
    }),
  )
  if (alone) await handBack(boss, name)
  const inHand = new Map<string, { work: Promise<void>; group: string | null }>()
  const unsettled = new Set<string>()
  // Jobs of one set of the ledger's end at the same moment.
  const completed = new DataLoader(
    async (ids: readonly string[]) => {
      await complete(boss, name, ids)
      return ids
    },
    { cache: false },
  )
  let stopped = false
  let wake = () => {}

  async function finish(job: Stored<T>, handle: (job: Taken<T>) => Promise<void>) {
    try {
      const lastTry = job.retryCount >= job.retryLimit || Date.now() - job.createdOn.getTime() >= WEEK_MS
      await beginWork(() => handle({ id: job.id, key: job.singletonKey ?? '', data: job.data, lastTry }))
      await completed.load(job.id)
    } catch (error) {
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
      return
    }
    // What its sender must mend will not be better the next time.
    const hopeless = error instanceof UserError || error instanceof Unavailable
    const final = hopeless || job.retryCount >= job.retryLimit
    if (hopeless) await endRetries(boss, name, job.id)
    log.error({ err: error, job: job.id, key: job.singletonKey, final }, 'queue: a job failed')
    await boss.fail(name, job.id, { message: error instanceof Error ? error.message.slice(0, 500) : 'unknown' })
    if (final) await release(boss, name)
  }

  async function fetchSome(handle: (job: Taken<T>) => Promise<void>): Promise<number> {
    const room = IN_HAND - inHand.size
    if (room === 0) return 0
    const jobs = (await boss.fetch<T>(name, {
      batchSize: Math.min(room, IN_HAND_OF_GROUP),
      ignoreGroups: fullGroups(),
      includeMetadata: true,
    })) as Stored<T>[]
    if (stopped) {
      await handBack(
        boss,
        name,
        jobs.map((job) => job.id),
      )
      return 0
    }
    // One that is in hand already was taken back while the store was away from us; its first run goes on.
    for (const job of jobs.filter(({ id }) => !inHand.has(id))) {
      const work = finish(job, handle)
        .catch((error: unknown) => {
          log.warn({ err: error, job: job.id }, 'queue: the outcome of a job could not be stored')
          unsettled.add(job.id)
        })
        .finally(() => {
          inHand.delete(job.id)
          wake()
        })
      inHand.set(job.id, { work, group: job.groupId })
    }
    return jobs.length
  }

  function fullGroups(): string[] {
    const counts = new Map<string, number>()
    for (const { group } of inHand.values()) if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1)
    return [...counts].flatMap(([group, count]) => (count >= IN_HAND_OF_GROUP ? group : []))
  }

  async function loop(handle: (job: Taken<T>) => Promise<void>) {
    while (!stopped) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      const fetched = await fetchSome(handle).catch(() => 0)
      if (fetched > 0) continue
      const timer = setTimeout(() => wake(), POLL_MS)
      await woken
      clearTimeout(timer)
    }
  }

  const touches = setInterval(() => {
    const ids = [...inHand.keys()]
    if (ids.length > 0) boss.touch(name, ids).catch(() => {})
    const ended = [...unsettled].filter((id) => !inHand.has(id))
    takeBack(boss, name, ids, ended).then(
      () => ended.forEach((id) => unsettled.delete(id)),
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
      const options = { id, singletonKey: key, ...(group === undefined ? {} : { group: { id: group } }) }
      const send = () => settle(boss.send(name, data, options))
      const sent = (await send()) ?? ((await dropFailed(boss, name, id)) ? await send() : null)
      wake()
      return sent !== null
    },
    knows: (ids) => known(boss, name, ids),
    run: (handle) => void (looping = loop(handle)),
    async stop(ms) {
      stopped = true
      wake()
      clearInterval(touches)
      clearInterval(releases)
      const done = async () => {
        await looping
        await Promise.all([...inHand.values()].map(({ work }) => work))
      }
      await Promise.race([done(), new Promise((resolve) => setTimeout(resolve, ms).unref())])
      if (inHand.size > 0) await handBack(boss, name, [...inHand.keys()])
    },
  }
}

interface Stored<T> {
  id: string
  data: T
  singletonKey: string | null
  groupId: string | null
  retryCount: number
  retryLimit: number
  createdOn: Date
}
