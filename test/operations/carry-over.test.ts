import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { type CarryOver, carryOverOnce, startCarryOver } from '../../src/operations/queue/carry-over.ts'
import { createJobDeaths } from '../../src/operations/queue/job-deaths.ts'
import type { Handler } from '../../src/operations/queue/job.ts'
import { openQueue, type Queue } from '../../src/operations/queue/queue.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent, until } from '../ops/fake-server.ts'
import { buryOld, completeOld, makeOldQueue, putOld, retryOld, takeOld, touchOld } from './old-queue.ts'
import { newDatabase, query, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

type Data = { n: number }
const QUEUES = ['deliveries', 'imports']
const HOUR_MS = 3_600_000

let server: TestServer
let url: string
let db: Kysely<Operations>
let queues: Queue<Data>[] = []
let carried: CarryOver | undefined
beforeAll(async () => void (server = await startServer()))
beforeEach(async () => {
  url = await newDatabase(server)
  db = openOperations(url)
  await makeOldQueue(url)
  await migrateOperations(db)
})
afterEach(async () => {
  vi.useRealTimers()
  carried?.stop()
  await Promise.all(queues.map((queue) => queue.stop(100)))
  queues = []
  await db.destroy()
})
afterAll(() => server?.stop())

const carry = (alone = false, whole = false) => carryOverOnce({ db, queues: QUEUES, alone }, { whole })
const start = async (alone: boolean) =>
  void (carried = await startCarryOver({ db, queues: QUEUES, alone, log: silent }))

async function open(handle?: Handler<Data>, alone = false): Promise<Queue<Data>> {
  const counting = { deaths: createJobDeaths(db), causeOf: ({ data }: { data: Data }) => String(data.n) }
  const queue = await openQueue<Data>(db, 'deliveries', alone, silent, () => {}, counting)
  queues.push(queue)
  if (handle !== undefined) queue.run(handle)
  return queue
}

const jobs = () =>
  query(
    url,
    `SELECT id, key, state, retry_count, data->>'n' AS n FROM jobs WHERE queue = 'deliveries' ORDER BY sequence`,
  )
const stateOf = async (id: string) => (await jobs()).find((job) => job['id'] === id)?.['state']
const oldJobs = () => query(url, `SELECT id, state FROM pgboss.job WHERE name = 'deliveries'`)
const hasOld = async () => (await query(url, `SELECT to_regclass('pgboss.job') AS found`))[0]!['found'] !== null
const deadLetters = () => query(url, 'SELECT queue, job_id, key, error, data FROM dead_letters')
const agedOld = (id: string, seconds: number) =>
  query(
    url,
    `UPDATE pgboss.job SET created_on = created_on - $2 * interval '1 second',
       start_after = start_after - $2 * interval '1 second' WHERE id = $1`,
    [id, seconds],
  )

/** As an older version that runs says every few seconds. */
const oldTouches = (id: string) =>
  query(url, `INSERT INTO queue_processes (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET touched_at = now()`, [id])

describe('the jobs of an older version, at a start alone on the store,', () => {
  it('come over in every state, in order, once, and its tables go', async () => {
    const put = (key: string, n: number) => putOld(url, { key, group: '1/2/3', data: { n } })
    const ids: Record<string, string> = {}
    for (const [n, key] of [
      'line',
      'line',
      'done',
      'failed-once',
      'away',
      'later',
      'in-hand',
      'in-hand',
      'dead',
    ].entries())
      ids[`${key} ${n}`] = await put(key, n)
    const imported = await putOld(url, { queue: 'imports', key: 'i', data: { import: 'x' } })
    const dead = randomUUID()
    const process = randomUUID()
    for (const id of [ids['done 2']!, ids['failed-once 3']!, ids['away 4']!, ids['dead 8']!])
      await takeOld(url, id, process)
    await takeOld(url, ids['in-hand 6']!, dead, 1)
    await completeOld(url, ids['done 2']!)
    await retryOld(url, ids['failed-once 3']!)
    await retryOld(url, ids['away 4']!)
    await query(url, `UPDATE pgboss.job SET started_on = NULL, output = NULL WHERE id = $1`, [ids['away 4']])
    await query(url, `UPDATE pgboss.job SET start_after = now() + interval '1 hour' WHERE id = $1`, [ids['later 5']])
    await buryOld(url, ids['dead 8']!, 'the reason')

    await start(true)
    expect(await hasOld()).toBe(false)
    const expected = [
      ['line 0', 'created', 0],
      ['line 1', 'created', 0],
      ['failed-once 3', 'retry', 1],
      ['away 4', 'retry', 0],
      ['later 5', 'created', 0],
      ['in-hand 6', 'active', 0],
      ['in-hand 7', 'created', 0],
      ['done 2', 'completed', 0],
    ] as const
    expect(await jobs()).toEqual(
      expected.map(([name, state, retries]) => ({
        id: ids[name],
        key: name.split(' ')[0],
        state,
        retry_count: retries,
        n: state === 'completed' ? null : name.split(' ')[1],
      })),
    )
    expect(await deadLetters()).toEqual([
      { queue: 'deliveries', job_id: ids['dead 8'], key: 'dead', error: 'the reason', data: { n: 8 } },
    ])
    expect(await query(url, `SELECT id, key, group_key, data FROM jobs WHERE queue = 'imports'`)).toEqual([
      { id: imported, key: 'i', group_key: null, data: { import: 'x' } },
    ])
    const waits = await query(
      url,
      `SELECT extract(epoch FROM start_after - now())::float AS s FROM jobs WHERE id = $1`,
      [ids['later 5']],
    )
    expect(waits[0]!['s']).toBeGreaterThan(3_500)

    const done: number[] = []
    const queue = await open(undefined, true)
    expect(await query(url, 'SELECT process FROM job_deaths')).toEqual([{ process: dead }])
    queue.run(async ({ data }) => void done.push(data.n))
    await until(async () => done.length === 4)
    expect([done.indexOf(0) < done.indexOf(1), done.indexOf(6) < done.indexOf(7)]).toEqual([true, true])
    expect(await queue.knows(Object.values(ids))).toEqual(new Set(Object.values(ids)))
    expect(await queue.put({ id: ids['done 2']!, key: 'done', data: { n: 2 } })).toBe(false)
    // A dead letter that is sent again is queued again.
    expect(await queue.put({ id: ids['dead 8']!, key: 'dead', data: { n: 8 } })).toBe(true)
    await until(async () => done.length === 5)
    expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 6, 7, 8])
  })

  it('stay where they are as long as they cannot be brought over, and come over later', async () => {
    const id = await putOld(url, { key: 'k' })
    await query(url, 'ALTER TABLE jobs RENAME TO away')
    await expect(start(true)).rejects.toThrow('jobs')
    expect(await oldJobs()).toEqual([{ id, state: 'created' }])
    await query(url, 'ALTER TABLE away RENAME TO jobs')
    await start(true)
    expect(await stateOf(id)).toBe('created')
  })

  it('are left where another program has queues too, but for ours', async () => {
    await query(url, `SELECT pgboss.create_queue('invoices', '{"policy": "standard"}')`)
    await query(url, `INSERT INTO pgboss.job (name, data) VALUES ('invoices', '{}')`)
    const id = await putOld(url, { key: 'k' })
    await start(true)
    expect(await stateOf(id)).toBe('created')
    expect(await query(url, 'SELECT name FROM pgboss.job')).toEqual([{ name: 'invoices' }])
  })
})

describe('beside an older version that runs', () => {
  it('what it has in hand stays its own, and what comes after it in its line waits for that', async () => {
    const process = randomUUID()
    await oldTouches(process)
    const first = await putOld(url, { key: 'k', data: { n: 1 } })
    const second = await putOld(url, { key: 'k', data: { n: 2 } })
    await takeOld(url, first, process)
    await carry(false, true)
    const done: number[] = []
    await open(async ({ data }) => void done.push(data.n))
    expect([await stateOf(first), await stateOf(second)]).toEqual(['active', 'created'])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(done).toEqual([])
    await touchOld(url, first)
    await completeOld(url, first)
    await carry()
    expect(await stateOf(first)).toBe('completed')
    await until(() => done.length === 1)
    expect([done, await hasOld()]).toEqual([[2], true])
    // The older one knows it still.
    expect(await putOld(url, { id: first, key: 'k' }).then(oldJobs)).toEqual([{ id: first, state: 'completed' }])
  })

  it('what it fails at is tried again here, or is a dead letter', async () => {
    const process = randomUUID()
    const [retried, dead] = [await putOld(url, { key: 'a' }), await putOld(url, { key: 'b' })]
    for (const id of [retried, dead]) await takeOld(url, id, process)
    await carry(false, true)
    await retryOld(url, retried)
    await buryOld(url, dead, 'no')
    await carry()
    expect(await jobs()).toMatchObject([{ id: retried, state: 'retry', retry_count: 1 }])
    expect(await deadLetters()).toMatchObject([{ job_id: dead, error: 'no' }])
    expect(await oldJobs()).toEqual([])
    // Nothing of it comes again.
    expect(await carry(false, true)).toBe(0)
    expect([await jobs(), await deadLetters()].map((rows) => rows.length)).toEqual([1, 1])
  })

  it('what it had in hand when it died is taken back, once, and the death is counted', async () => {
    const process = randomUUID()
    const id = await putOld(url, { key: 'k', data: { n: 1 } })
    await takeOld(url, id, process)
    await carry(false, true)
    expect(await stateOf(id)).toBe('active')
    await query(url, `UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute'`)
    await carry()
    expect(await oldJobs()).toEqual([])
    const done: number[] = []
    const queue = await open()
    expect(await query(url, 'SELECT process FROM job_deaths')).toEqual([{ process }])
    queue.run(async ({ data }) => void done.push(data.n))
    await until(() => done.length === 1)
    // It was only asleep: what it says now of a job that is no longer its own changes nothing.
    await completeOld(url, id)
    await carry()
    await until(async () => (await stateOf(id)) === 'completed')
    expect(done).toEqual([1])
  })

  it('a job that it stores later is taken over within seconds, in its order, and one that is known is not done twice', async () => {
    await oldTouches(randomUUID())
    const done: number[] = []
    const queue = await open(async ({ data }) => void done.push(data.n))
    await start(false)
    const known = randomUUID()
    await queue.put({ id: known, key: 'k', data: { n: 1 } })
    await until(() => done.length === 1)
    await putOld(url, { id: known, key: 'k', data: { n: 1 } })
    const late = await putOld(url, { key: 'k', data: { n: 2 } })
    await agedOld(late, 1)
    await putOld(url, { key: 'k', data: { n: 3 } })
    await until(() => done.length === 3)
    expect(done).toEqual([1, 2, 3])
    expect(await oldJobs()).toEqual([])
  })

  it('its tables stay until none has been heard of for an hour, and go then', async () => {
    const process = randomUUID()
    await oldTouches(process)
    await start(false)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR_MS + 1_000 })
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    expect(await hasOld()).toBe(true)
    await query(url, `UPDATE queue_processes SET touched_at = now() - interval '61 minutes' WHERE id = $1`, [process])
    await until(async () => !(await hasOld()))
  })
})
