import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Postponed, Unavailable, UserError } from '../../src/domain/errors.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { countJobs } from '../../src/operations/queue/counts.ts'
import { RETRY_LIMIT, type Taken } from '../../src/operations/queue/job.ts'
import { openQueue, type Queue } from '../../src/operations/queue/queue.ts'
import { takeJobs } from '../../src/operations/queue/take.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { isRepeatedAttempt } from '../../src/ops/attempt.ts'
import { silent, until } from '../ops/fake-server.ts'
import { sqlOn, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

type Data = { n: number }
type Handler = (job: Taken<Data>) => Promise<void>

let postgres: TestServer
let db: Kysely<Operations>
let open: Queue<Data>[] = []
let names = 0
let name: string

beforeAll(async () => {
  postgres = await startServer()
  db = openOperations(postgres.url)
  await migrateOperations(db)
})

afterEach(async () => {
  await Promise.all(open.map((queue) => queue.stop(0)))
  open = []
})

afterAll(async () => {
  await db?.destroy()
  await postgres?.stop()
})

async function newQueue(handle?: Handler): Promise<Queue<Data>> {
  name = `queue-${++names}`
  return sameQueue(handle)
}

/** Another queue on the same jobs, as after a restart. */
async function sameQueue(handle?: Handler): Promise<Queue<Data>> {
  const queue = await openQueue<Data>(db, name, true, silent)
  open.push(queue)
  if (handle !== undefined) queue.run(handle)
  return queue
}

const put = (queue: Queue<Data>, key: string, n = 0, id: string = randomUUID()) => queue.put({ id, key, data: { n } })

const sql = (text: string, values: unknown[] = []) => sqlOn(db, text, values)

const jobs = () => sql(`SELECT id, state, retry_count FROM jobs WHERE queue = $1 ORDER BY sequence`, [name])

const isIdle = async () => (await jobs()).every(({ state }) => state === 'completed')

const deadLetters = () => sql(`SELECT data, job_id, error FROM dead_letters WHERE queue = $1`, [name])

/** Lets a job's next failure be its last but `left`. */
const limitRetries = (id: string, left: number) =>
  sql(`UPDATE jobs SET retry_count = $2 WHERE id = $1`, [id, RETRY_LIMIT - left])

/** What waits with a delay may come at once. */
const hurry = () => sql(`UPDATE jobs SET start_after = now() WHERE queue = $1 AND state = 'retry'`, [name])

/** As a process that dies with them in hand. */
const takeAndDie = (most: number) => takeJobs<Data>(db, name, { most, priority: 0, but: [], process: undefined })

/** A handler that stands still until it is let go. */
function gate() {
  const letGo = Promise.withResolvers<void>()
  const entered: number[] = []
  const handle: Handler = async ({ data }) => {
    entered.push(data.n)
    await letGo.promise
  }
  return { handle, entered, letGo: letGo.resolve }
}

describe('the order', () => {
  it('within a key is that of putting, however long each takes, and one at a time', async () => {
    const done: number[] = []
    let atOnce = 0
    const queue = await newQueue(async ({ data }) => {
      expect(++atOnce).toBe(1)
      await sleep(data.n % 3 === 0 ? 15 : 1)
      done.push(data.n)
      atOnce--
    })
    for (let n = 0; n < 25; n++) await put(queue, 'one', n)
    await until(isIdle)
    expect(done).toEqual(Array.from({ length: 25 }, (_, n) => n))
  })

  it('within a key is kept when all were waiting before the work began', async () => {
    const queue = await newQueue()
    for (let n = 0; n < 25; n++) await put(queue, 'one', n)
    const done: number[] = []
    queue.run(async ({ data }) => void done.push(data.n))
    await until(isIdle)
    expect(done).toEqual(Array.from({ length: 25 }, (_, n) => n))
  })

  it('across keys is none: a slow key holds up no other', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue((job) => (job.key === 'slow' ? handle(job) : Promise.resolve()))
    await put(queue, 'slow', 1)
    await put(queue, 'slow', 2)
    for (let n = 0; n < 30; n++) await put(queue, `key-${n}`)
    await until(async () => (await jobs()).filter(({ state }) => state === 'completed').length === 30)
    expect(entered).toEqual([1])
    letGo()
    await until(isIdle)
    expect(entered).toEqual([1, 2])
  })
})

describe('a job that joins', () => {
  const joining = (queue: Queue<Data>, key: string, n = 0) =>
    queue.put({ id: randomUUID(), key, joins: true, data: { n } })

  it('is not stored while the same waits, and is while that is begun, failed, another or elsewhere', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue()
    expect([await joining(queue, 'one'), await joining(queue, 'one'), await joining(queue, 'one', 1)]).toEqual([
      true,
      false,
      true,
    ])
    expect(await joining(queue, 'two')).toBe(true)
    queue.run(handle)
    await until(async () => entered.length === 2)
    expect([await joining(queue, 'one'), await joining(queue, 'one')]).toEqual([true, false])
    letGo()
    await until(isIdle)
    expect(entered).toHaveLength(4)
  })

  it('is done after it was put, whenever the same was taken', async () => {
    let state = 0
    let seen = 0
    const queue = await newQueue(async () => void (seen = state))
    for (let n = 1; n <= 200; n++) {
      state = n
      await joining(queue, 'one')
      if (n % 7 === 0) await sleep(1)
    }
    await until(isIdle)
    expect(seen).toBe(200)
  })
})

describe('a delayed job', () => {
  const DELAY_MS = 60_000
  const delayed = (queue: Queue<Data>, n: number, delayMs = DELAY_MS) =>
    queue.put({ id: randomUUID(), key: 'one', joins: true, delayMs, data: { n } })
  const secondsLeft = async () =>
    (
      await sql(
        `SELECT extract(epoch FROM start_after - now())::float8 AS s FROM jobs WHERE queue = $1 ORDER BY sequence`,
        [name],
      )
    ).map((row) => Number(row['s']))

  it('lets the jobs of its key that are due go before it, and is done after a restart', async () => {
    const done: number[] = []
    const handle: Handler = async ({ data }) => void done.push(data.n)
    const queue = await newQueue(handle)
    await delayed(queue, 1)
    await put(queue, 'one', 2)
    await until(async () => done.length === 1)
    await put(queue, 'one', 3)
    await until(async () => done.length === 2)
    await queue.stop(0)
    await sql(`UPDATE jobs SET start_after = now() WHERE queue = $1`, [name])
    await sameQueue(handle)
    await until(isIdle)
    expect(done).toEqual([2, 3, 1])
  })

  it('is taken when its time comes, and not only at the poll after it', async () => {
    let done = 0
    const queue = await newQueue(async () => void done++)
    const took: number[] = []
    for (let n = 1; n <= 5; n++) {
      const began = Date.now()
      await delayed(queue, n, 100)
      await until(async () => done === n)
      took.push(Date.now() - began)
    }
    expect(Math.min(...took)).toBeGreaterThanOrEqual(100)
    // Polls are a second apart, and the last was when the job was put.
    expect(Math.min(...took)).toBeLessThan(700)
  })

  it('is joined by equal ones without a later start, and started at once by one without a delay', async () => {
    const queue = await newQueue()
    expect(await delayed(queue, 1)).toBe(true)
    await sql(`UPDATE jobs SET start_after = now() + interval '10 seconds' WHERE queue = $1`, [name])
    expect([await delayed(queue, 1), await delayed(queue, 1)]).toEqual([false, false])
    const [left] = await secondsLeft()
    expect(left).toBeGreaterThan(5)
    expect(left).toBeLessThanOrEqual(10)
    expect(await queue.put({ id: randomUUID(), key: 'one', joins: true, data: { n: 1 } })).toBe(false)
    const now = await secondsLeft()
    expect(now).toHaveLength(1)
    expect(now[0]).toBeLessThanOrEqual(0)
  })

  it('that was begun and waits for GitHub is joined and not started by one without a delay', async () => {
    const queue = await newQueue(async () => {
      throw new Postponed('GitHub', { retryAt: new Date(Date.now() + DELAY_MS) })
    })
    await delayed(queue, 1, 1)
    await until(async () => Number((await secondsLeft())[0]) > 5)
    expect(await queue.put({ id: randomUUID(), key: 'one', joins: true, data: { n: 1 } })).toBe(false)
    const [left] = await secondsLeft()
    expect(left).toBeGreaterThan(5)
  })
})

/** Jobs of this `n` and above, each on a key of its own, as if they had been put. */
const fill = (count: number, first: number) =>
  sql(
    `INSERT INTO jobs (queue, id, key, data)
     SELECT $1, gen_random_uuid(), 'key-' || n, jsonb_build_object('n', n) FROM generate_series($2::int, $3::int) n`,
    [name, first, first + count - 1],
  )

/** A queue that has done something takes more at once than one that began just now. */
async function warm(count: number, first: number) {
  await fill(count, first)
  await until(isIdle)
}

it('a group with much to do, the oldest first, leaves room for another and for what has none', async () => {
  const { handle, entered, letGo } = gate()
  const done: number[] = []
  const queue = await newQueue(async (job) => {
    if (job.data.n < 200) await handle(job)
    done.push(job.data.n)
  })
  await warm(150, 300)
  done.splice(0)
  for (let n = 0; n < 150; n++) await queue.put({ id: randomUUID(), key: `busy-${n}`, group: 'busy', data: { n } })
  await queue.put({ id: randomUUID(), key: 'other', group: 'other', data: { n: 200 } })
  await put(queue, 'alone', 201)
  await until(() => done.length === 2)
  expect(done.toSorted((a, b) => a - b)).toEqual([200, 201])
  expect(entered.length).toBeGreaterThanOrEqual(64)
  expect(entered.length).toBeLessThan(128)
  expect(Math.max(...entered)).toBe(entered.length - 1)
  letGo()
  await until(isIdle)
  expect(done).toHaveLength(152)
})

describe('what is in hand', () => {
  it('is little at first, of one group the half, and grows with what is done', async () => {
    const { handle, entered, letGo } = gate()
    const first = await newQueue()
    for (let n = 0; n < 50; n++) await first.put({ id: randomUUID(), key: `busy-${n}`, group: 'busy', data: { n } })
    await put(first, 'other', 50)
    first.run(handle)
    await until(() => entered.length === 5)
    expect(entered).toEqual([0, 1, 2, 3, 50])
    letGo()
    await until(isIdle)
    expect(entered).toHaveLength(51)
  })

  it('is bounded, however many wait', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue(async (job) => void (job.data.n < 1300 && (await handle(job))))
    await warm(200, 1300)
    await fill(1200, 1)
    await until(() => entered.length === 512)
    expect(queue.inHand()).toBe(512)
    await put(queue, 'one more')
    expect((await jobs()).filter(({ state }) => state === 'active')).toHaveLength(512)
    letGo()
    await until(isIdle)
    expect(queue.inHand()).toBe(0)
  })

  it('has one heavy job at most, and light ones go on beside it', async () => {
    let heavy = 0
    let light = 0
    let most = 0
    const { promise, resolve: letGo } = Promise.withResolvers<void>()
    const queue = await newQueue(async ({ data }) => {
      if (data.n === 0) {
        light++
        return
      }
      most = Math.max(most, ++heavy)
      await promise
      heavy--
    })
    const text = 'x'.repeat(130 * 1024)
    for (let n = 1; n <= 2; n++) {
      await queue.put({ id: randomUUID(), key: `heavy-${n}`, data: { n, text } as Data })
      await put(queue, `heavy-${n}`)
    }
    for (let n = 0; n < 10; n++) await put(queue, `light-${n}`)
    await until(() => heavy === 1 && light === 10)
    letGo()
    await until(isIdle)
    expect([most, light]).toEqual([1, 12])
  })
})

it('what waits and what is dead is counted, with the age of the oldest', async () => {
  const results: string[] = []
  name = `queue-${++names}`
  const queue = await openQueue<Data>(db, name, true, silent, (result) => results.push(result))
  open.push(queue)
  for (let n = 0; n < 3; n++) await put(queue, `k-${n}`, n)
  await sql(`UPDATE jobs SET created_at = now() - interval '1 hour' WHERE queue = $1 AND data->>'n' = '1'`, [name])
  const [counted, none] = await countJobs(db, [name, 'no-such-queue'])
  expect(counted).toEqual({ queue: name, waiting: 3, oldestSeconds: expect.closeTo(3600, -2), deadLetters: 0 })
  expect(none).toEqual({ queue: 'no-such-queue', waiting: 0, oldestSeconds: 0, deadLetters: 0 })
  let away = true
  queue.run(async ({ data }) => {
    if (data.n === 0) throw new UserError('no')
    if (data.n === 1 && away) throw new Unavailable('away')
    if (data.n === 2 && away) throw new Error('a fault')
  })
  await until(() => results.length === 3)
  expect(results.toSorted()).toEqual(['dead', 'deferred', 'retried'])
  away = false
  await hurry()
  await until(isIdle)
  expect(await countJobs(db, [name])).toEqual([{ queue: name, waiting: 0, oldestSeconds: 0, deadLetters: 1 }])
})

describe('an id', () => {
  it('that is known is not taken twice: waiting, in hand or done', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue()
    const id = randomUUID()
    expect(await put(queue, 'k', 1, id)).toBe(true)
    expect(await put(queue, 'k', 1, id)).toBe(false)
    queue.run(handle)
    await until(() => entered.length === 1)
    expect(await put(queue, 'k', 1, id)).toBe(false)
    letGo()
    await until(isIdle)
    expect(await put(queue, 'k', 1, id)).toBe(false)
    await sleep(50)
    expect(entered).toEqual([1])
  })

  it('put by ten at once is taken once', async () => {
    const seen: number[] = []
    const queue = await newQueue(async ({ data }) => void seen.push(data.n))
    const id = randomUUID()
    const taken = await Promise.all(Array.from({ length: 10 }, () => put(queue, 'k', 1, id)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    await until(isIdle)
    expect(seen).toEqual([1])
  })

  it('that failed for good is queued again when it comes again', async () => {
    let broken = true
    const done: number[] = []
    const queue = await newQueue(async ({ data }) => {
      if (broken) throw new UserError('no')
      done.push(data.n)
    })
    const id = randomUUID()
    await put(queue, 'k', 7, id)
    await until(async () => (await deadLetters()).length === 1)
    broken = false
    await until(() => put(queue, 'k', 7, id))
    await until(() => done.length === 1)
    expect(done).toEqual([7])
  })

  it('that was put here is known, waiting, done or a dead letter; no other is', async () => {
    const queue = await newQueue()
    const [waiting, done, dead, other] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    await put(queue, 'k', 1, done)
    await put(queue, 'l', 2, dead)
    queue.run(async ({ data }) => {
      if (data.n === 2) throw new UserError('no')
    })
    await until(async () => (await deadLetters()).length === 1 && (await jobs()).length === 1 && (await isIdle()))
    await queue.stop(0)
    await put(queue, 'm', 3, waiting)
    expect(await queue.knows([waiting, done, dead, other])).toEqual(new Set([waiting, done, dead]))
    expect(await queue.knows([])).toEqual(new Set())
    expect(await (await newQueue()).knows([waiting, done, dead])).toEqual(new Set())
  })
})

describe('a failing job', () => {
  it('is tried again with a growing delay, and its key waits for it', async () => {
    const seen: number[] = []
    const queue = await newQueue(async ({ data }) => {
      seen.push(data.n)
      if (data.n === 1 && seen.filter((n) => n === 1).length < 3) throw new Error('not yet')
    })
    await put(queue, 'k', 1)
    await put(queue, 'k', 2)
    const delays: number[] = []
    for (let failures = 1; failures <= 2; failures++) {
      await until(() => seen.length === failures)
      await until(async () => (await jobs()).some(({ state }) => state === 'retry'))
      const [row] = await sql(
        `SELECT extract(epoch FROM start_after - now())::float AS s FROM jobs WHERE queue = $1 AND state = 'retry'`,
        [name],
      )
      delays.push(Number(row!['s']))
      expect(seen).not.toContain(2)
      await hurry()
    }
    await until(isIdle)
    expect(seen).toEqual([1, 1, 1, 2])
    expect(delays[0]).toBeLessThanOrEqual(2)
    expect(delays[1]).toBeGreaterThan(delays[0]!)
  })

  it('goes to the dead letters with its reason after the last try, which knows that it is the last; its key goes on', async () => {
    const tries: boolean[] = []
    const done: number[] = []
    const queue = await newQueue(async ({ data, lastTry }) => {
      if (data.n === 1) {
        tries.push(lastTry)
        throw new Error('the reason')
      }
      done.push(data.n)
    })
    const id = randomUUID()
    await put(queue, 'k', 1, id)
    await until(async () => (await jobs()).some(({ state }) => state === 'retry'))
    await put(queue, 'k', 2)
    await limitRetries(id, 0)
    await until(async () => {
      await hurry()
      return (await deadLetters()).length === 1
    })
    expect(tries).toEqual([false, true])
    expect(await deadLetters()).toEqual([{ data: { n: 1 }, job_id: id, error: 'the reason' }])
    await until(() => done.length === 1)
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ state: 'completed' }]))
  })

  it('whose sender is at fault is a dead letter at once', async () => {
    let tries = 0
    const done: number[] = []
    const queue = await newQueue(async ({ data }) => {
      if (data.n === 2) return void done.push(2)
      tries++
      throw new UserError('mend your payload')
    })
    await put(queue, 'k', 1)
    await put(queue, 'k', 2)
    await until(() => done.length === 1)
    expect(tries).toBe(1)
    expect(await deadLetters()).toMatchObject([{ error: 'mend your payload' }])
  })

  it('holds up no other key', async () => {
    const done: number[] = []
    const queue = await newQueue(async ({ key, data }) => {
      if (key === 'poison') throw new Error('poison')
      done.push(data.n)
    })
    for (let n = 0; n < 20; n++) {
      await put(queue, 'poison', n)
      await put(queue, `key-${n}`, n)
    }
    const having = async (state: string) => (await jobs()).filter((job) => job['state'] === state).length
    await until(async () => (await having('completed')) === 20)
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(await having('retry')).toBe(1)
  })
})

describe('a job that waits for a store or for GitHub', () => {
  it('costs no try, however often', async () => {
    let away = 0
    const queue = await newQueue()
    const id = randomUUID()
    await put(queue, 'k', 0, id)
    await limitRetries(id, 1)
    queue.run(async () => {
      if (++away <= 3) throw new Unavailable('away')
    })
    await until(async () => {
      await hurry()
      return isIdle()
    })
    expect(away).toBe(4)
    expect(await jobs()).toMatchObject([{ state: 'completed', retry_count: RETRY_LIMIT - 1 }])
  })

  it('waits the longer, the longer it has waited, also where what it may have written shows earlier', async () => {
    const queue = await newQueue()
    await put(queue, 'k', 1)
    await sql(`UPDATE jobs SET created_at = now() - interval '20 minutes' WHERE queue = $1`, [name])
    queue.run(async () => {
      throw new Unavailable('lost', { shownAt: new Date(Date.now() + 100) })
    })
    await until(async () => (await jobs())[0]?.['state'] === 'retry')
    const [row] = await sql(`SELECT extract(epoch FROM start_after - now())::float8 AS s FROM jobs WHERE queue = $1`, [
      name,
    ])
    expect(row!['s']).toBeGreaterThan(200)
  })

  it.each([
    ['it is told to', 'retryAt'],
    ['what it may have written must show', 'shownAt'],
  ])('comes again when %s, and its key waits while others go on', async (_, time) => {
    const retryAt = new Date(Date.now() + 1_500)
    const seen: [number, number][] = []
    const queue = await newQueue(async ({ data }) => {
      seen.push([data.n, Date.now()])
      if (data.n === 1 && Date.now() < retryAt.getTime()) throw new Unavailable('away', { [time]: retryAt })
    })
    await put(queue, 'k', 1)
    await put(queue, 'k', 2)
    await put(queue, 'other', 3)
    await until(isIdle)
    expect(seen.map(([n]) => n)).toEqual([1, 3, 1, 2])
    expect(seen[2]![1]).toBeGreaterThanOrEqual(retryAt.getTime())
  })

  it('is not asked for without a pause when it is told a time that has passed', async () => {
    let tries = 0
    const queue = await newQueue(async () => {
      tries++
      throw new Unavailable('clocks differ', { retryAt: new Date(Date.now() - 60_000) })
    })
    await put(queue, 'k')
    await until(() => tries > 0)
    await sleep(400)
    expect(tries).toBe(1)
  })

  it('is given up after a week, with its reason', async () => {
    const queue = await newQueue()
    await put(queue, 'k')
    await sql(`UPDATE jobs SET created_at = now() - interval '8 days' WHERE queue = $1`, [name])
    queue.run(async () => {
      throw new Unavailable('still away')
    })
    await until(async () => (await deadLetters()).length === 1)
    expect(await deadLetters()).toMatchObject([{ error: 'still away' }])
  })
})

describe('an attempt at a job', () => {
  const seen: boolean[] = []
  const attempts = async () => {
    await until(async () => {
      await hurry()
      return isIdle()
    })
    return seen.splice(0)
  }

  it.each([
    ['failed', new Error('failed')],
    ['waited', new Unavailable('waits')],
    ['was postponed', new Postponed('later', { retryAt: new Date() })],
  ])('is a repeated one where an earlier one %s', async (_, error) => {
    let runs = 0
    const queue = await newQueue(async () => {
      seen.push(isRepeatedAttempt())
      if (++runs === 1) throw error
    })
    await put(queue, 'k')
    expect(await attempts()).toEqual([false, true])
    await put(queue, 'k')
    expect(await attempts()).toEqual([false])
  })

  it('is a repeated one where an earlier one was handed back, or died with its process', async () => {
    const { handle, entered } = gate()
    const queue = await newQueue(handle)
    await put(queue, 'handed back')
    await until(() => entered.length === 1)
    await queue.stop(50)
    await sameQueue(async () => void seen.push(isRepeatedAttempt()))
    expect(await attempts()).toEqual([true])
    const dying = await newQueue()
    await put(dying, 'dies')
    await takeAndDie(1)
    await put(dying, 'waits')
    await sameQueue(async () => void seen.push(isRepeatedAttempt()))
    expect((await attempts()).toSorted((a, b) => Number(a) - Number(b))).toEqual([false, true])
  })
})

describe('stopping', () => {
  it('waits for the jobs in hand and takes no more', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue(handle)
    await put(queue, 'a', 1)
    await until(() => entered.length === 1)
    const stopped = queue.stop(5_000)
    await put(queue, 'b', 2)
    letGo()
    await stopped
    expect((await jobs()).map(({ state }) => state)).toEqual(['completed', 'created'])
    expect(entered).toEqual([1])
  })

  it('hands back what is not done in time, which costs no try and is done by the next, in order', async () => {
    const { handle, entered } = gate()
    const queue = await newQueue(handle)
    await put(queue, 'k', 1)
    await put(queue, 'k', 2)
    await until(() => entered.length === 1)
    await queue.stop(50)
    expect((await jobs()).map(({ state }) => state)).toEqual(['created', 'created'])
    const done: number[] = []
    await sameQueue(async ({ data }) => void done.push(data.n))
    await until(isIdle)
    expect(done).toEqual([1, 2])
    expect((await jobs()).map((job) => job['retry_count'])).toEqual([0, 0])
  })

  it('leaves to the next what it has handed back, whatever comes of it here', async () => {
    const { handle, entered, letGo } = gate()
    const queue = await newQueue(async (job) => {
      await handle(job)
      throw new Error('too late')
    })
    await put(queue, 'k', 1)
    await until(() => entered.length === 1)
    await queue.stop(50)
    const { handle: again, entered: taken, letGo: end } = gate()
    await sameQueue(again)
    await until(() => taken.length === 1)
    letGo()
    await sleep(50)
    expect(await jobs()).toMatchObject([{ state: 'active', retry_count: 0 }])
    end()
    await until(isIdle)
  })

  it('hands back a job that may have written something for when that must show', async () => {
    const shownAt = new Date(Date.now() + 1_500)
    const stopping = Promise.withResolvers<void>()
    const queue = await newQueue(async () => {
      await stopping.promise
      throw new Unavailable('broken off', { shownAt })
    })
    await put(queue, 'k', 1)
    await until(async () => (await jobs())[0]?.['state'] === 'active')
    const stopped = queue.stop(5_000)
    stopping.resolve()
    await stopped
    const seen: number[] = []
    await sameQueue(async () => void seen.push(Date.now()))
    await until(isIdle)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeGreaterThanOrEqual(shownAt.getTime())
    expect(await jobs()).toMatchObject([{ state: 'completed', retry_count: 0 }])
  })

  it('hands back a job whose store went away meanwhile', async () => {
    const away = Promise.withResolvers<void>()
    const { handle, entered } = gate()
    const queue = await newQueue(async (job) => {
      await Promise.race([handle(job), away.promise])
      throw new Unavailable('stopped')
    })
    await put(queue, 'k', 1)
    await until(() => entered.length === 1)
    const stopped = queue.stop(5_000)
    away.resolve()
    await stopped
    expect(await jobs()).toMatchObject([{ state: 'created', retry_count: 0 }])
  })
})

describe('starting', () => {
  it('alone takes back what a killed process had in hand, at once and in order', async () => {
    const queue = await newQueue()
    await put(queue, 'k', 1)
    await put(queue, 'k', 2)
    expect(await takeAndDie(5)).toHaveLength(1)
    const done: number[] = []
    await sameQueue(async ({ data }) => void done.push(data.n))
    await until(isIdle)
    expect(done).toEqual([1, 2])
  })

  it('beside others leaves their work alone', async () => {
    const queue = await newQueue()
    await put(queue, 'k', 1)
    await takeAndDie(5)
    const done: number[] = []
    const other = await openQueue<Data>(db, name, false, silent)
    open.push(other)
    other.run(async ({ data }) => void done.push(data.n))
    await sleep(200)
    expect(done).toEqual([])
  })
})

it('a thousand jobs on fifty keys drain, each key in order', async () => {
  const queue = await newQueue()
  for (let n = 0; n < 1000; n += 50)
    await Promise.all(Array.from({ length: 50 }, (_, key) => put(queue, `key-${key}`, n + key)))
  const byKey = new Map<string, number[]>()
  const began = performance.now()
  queue.run(async ({ key, data }) => void byKey.set(key, [...(byKey.get(key) ?? []), data.n]))
  await until(() => [...byKey.values()].flat().length === 1000)
  console.log(`1,000 jobs drained in ${Math.round(performance.now() - began)} ms`)
  for (const done of byKey.values()) expect(done).toEqual(done.toSorted((a, b) => a - b))
  await until(isIdle)
})

describe('Postgres’ statistics of the jobs', () => {
  /** Autovacuum would make new ones after a minute. */
  const reset = async () => {
    await sql('TRUNCATE jobs')
    await sql('ALTER TABLE jobs SET (autovacuum_enabled = false)')
  }
  const estimate = async () =>
    (await sql(`SELECT reltuples::int AS n FROM pg_class WHERE oid = 'jobs'::regclass`))[0]!['n']
  const putMany = (queue: Queue<Data>, count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => put(queue, `k-${n}`, n)))

  it('are made anew once many have come: for an empty table it may plan a take that lasts minutes', async () => {
    const queue = await newQueue()
    await reset()
    await putMany(queue, 200)
    await until(async () => (await estimate()) === 200)
  })

  it('are made anew after a take that failed after a while: the next is planned with them', async () => {
    const queue = await newQueue()
    await reset()
    await putMany(queue, 20)
    await sql(
      `CREATE FUNCTION fail_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_sleep(0.1); RAISE EXCEPTION 'no answer in time'; END $$`,
    )
    // Of each take, also one that finds nothing: none that succeeds may be a slow one.
    await sql('CREATE TRIGGER fail_slowly BEFORE UPDATE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION fail_slowly()')
    queue.run(async () => {})
    await until(async () => (await estimate()) === 20)
    await sql('DROP FUNCTION fail_slowly CASCADE')
    await until(isIdle)
  })
})

it('a store that dies under the work: nothing can be put meanwhile, and all of it is done once it is back', async () => {
  const { handle, entered, letGo } = gate()
  const done: number[] = []
  const queue = await newQueue(async (job) => {
    if (job.data.n === 1) await handle(job)
    done.push(job.data.n)
  })
  await put(queue, 'a', 1)
  await put(queue, 'a', 2)
  await until(() => entered.length === 1)
  const killed = postgres.pid()!
  process.kill(killed, 'SIGKILL')
  // Its children answer for a moment after their parent was killed; a pooler may keep what is put until it is back.
  await vi.waitUntil(
    () =>
      put(queue, 'b', 3).then(
        () => postgres.pooled === true && ![killed, undefined].includes(postgres.pid()),
        (error: unknown) => error instanceof Unavailable,
      ),
    { timeout: 40_000 },
  )
  letGo()
  await vi.waitUntil(() => put(queue, 'b', 4).catch(() => false), { timeout: 40_000 })
  await vi.waitUntil(() => isIdle().catch(() => false), { timeout: 40_000, interval: 200 })
  expect(done.filter((n) => n === 4)).toHaveLength(1)
  expect(done.lastIndexOf(1)).toBeLessThan(done.indexOf(2))
})
