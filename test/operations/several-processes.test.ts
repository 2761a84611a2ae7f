import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { createJobDeaths } from '../../src/operations/queue/job-deaths.ts'
import type { Handler } from '../../src/operations/queue/job.ts'
import { completeJobs } from '../../src/operations/queue/outcomes.ts'
import { openQueue, type Queue } from '../../src/operations/queue/queue.ts'
import { touchJobs } from '../../src/operations/queue/take.ts'
import { silent, until } from '../ops/fake-server.ts'
import { sqlOn, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

type Data = { n: number }

let server: TestServer
let db: Kysely<Operations>
let open: Queue<Data>[] = []
let name = ''
beforeAll(async () => {
  server = await startServer()
  db = openOperations(server.url)
  await migrateOperations(db)
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(open.map((queue) => queue.stop(0)))
  open = []
})
afterAll(async () => {
  await db?.destroy()
  await server?.stop()
})

/** One process of several that work on the queue `name`. */
async function start(handle: Handler<Data>): Promise<Queue<Data>> {
  const counting = { deaths: createJobDeaths(db), causeOf: ({ id }: { id: string }) => id }
  const queue = await openQueue<Data>(db, name, false, silent, () => {}, counting)
  open.push(queue)
  queue.run(handle)
  return queue
}

const put = (queue: Queue<Data>, n = 0) => queue.put({ id: randomUUID(), key: `k-${n}`, data: { n } })
const sql = (text: string, values: unknown[] = [name]) => sqlOn(db, text, values)
const jobs = () => sql('SELECT state, retry_count, process FROM jobs WHERE queue = $1')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A handler that stands still until it is told how to end. */
function gate() {
  const end = Promise.withResolvers<void>()
  const entered: number[] = []
  const handle: Handler<Data> = async ({ data }) => {
    entered.push(data.n)
    await end.promise
  }
  return { handle, entered, done: end.resolve, fail: end.reject }
}

describe('a process whose job was taken back and is in hand of another', () => {
  const ENDS: Record<string, (one: ReturnType<typeof gate>, queue: Queue<Data>) => void> = {
    'does it': ({ done }) => done(),
    'fails at it': ({ fail }) => fail(new Error('a fault')),
    'finds that it was suspended': ({ fail }) => fail(new Unavailable('suspended')),
    stops: (_, queue) => void queue.stop(0),
  }
  it.each(Object.keys(ENDS))('changes nothing of it when it %s', async (end) => {
    name = randomUUID()
    const [one, other] = [gate(), gate()]
    const first = await start(one.handle)
    await put(first)
    await until(() => one.entered.length === 1)
    const process = randomUUID()
    // The other has it by now.
    await sql(`UPDATE jobs SET process = $2 WHERE queue = $1`, [name, process])
    ENDS[end]!(one, first)
    await pause(300)
    expect(await jobs()).toEqual([{ state: 'active', retry_count: 0, process }])
    other.done()
  })
})

it('a job of a process that lives is not taken back when the database’s clock is put forward, or nobody could reach the store', async () => {
  name = randomUUID()
  const { handle, entered, done } = gate()
  // Its looks come before the other's touches.
  open.push(await openQueue<Data>(db, name, false, silent))
  await pause(1_000)
  const queue = await start(handle)
  await put(queue)
  await until(() => entered.length === 1)
  const states = new Set<unknown>()
  for (let n = 0; n < 3; n++) {
    await sql(`UPDATE jobs SET heartbeat_at = now() - interval '1 minute' WHERE queue = $1`)
    for (let looks = 0; looks < 230; looks++) {
      states.add((await jobs())[0]!['state'])
      await pause(10)
    }
  }
  expect([...states]).toEqual(['active'])
  done()
  await until(async () => (await jobs())[0]!['state'] === 'completed')
}, 30_000)

it('jobs are touched and done at once, however the planner reads them', async () => {
  name = randomUUID()
  const holder = { queue: name, process: undefined }
  const errors: unknown[] = []
  const failed = (error: { code?: unknown }) => void errors.push(error.code)
  for (let round = 0; round < 10; round++) {
    await sql('DELETE FROM jobs', [])
    await sql('VACUUM jobs', [])
    const ids = Array.from({ length: 512 }, () => randomUUID())
    await sql(
      `INSERT INTO jobs (queue, id, key, state, heartbeat_at) SELECT $1, id, id::text, 'active', now() FROM unnest($2::uuid[]) id`,
      [name, ids],
    )
    await sql('ANALYZE jobs', [])
    const touching = (async () => {
      for (let n = 0; n < 12; n++) await touchJobs(db, holder, ids).catch(failed)
    })()
    for (let n = 0; n < 512; n += 16) await completeJobs(db, holder, ids.slice(n, n + 16)).catch(failed)
    await touching
  }
  expect(errors).toEqual([])
}, 60_000)

it('what is done and could not be stored is done again, and is no failure', async () => {
  name = randomUUID()
  await sql(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$`,
    [],
  )
  await sql(
    `CREATE TRIGGER refuse BEFORE UPDATE ON jobs FOR EACH ROW
     WHEN (NEW.state = 'completed' AND NEW.key = 'k-77') EXECUTE FUNCTION refuse()`,
    [],
  )
  const done: number[] = []
  const queue = await start(async ({ data }) => {
    if (done.push(data.n) === 2) await sql('DROP TRIGGER refuse ON jobs', [])
  })
  await put(queue, 77)
  await until(async () => (await jobs())[0]!['state'] === 'completed')
  expect(done).toEqual([77, 77])
  expect(await jobs()).toMatchObject([{ retry_count: 0 }])
})

it.each([-3_600_000, 3_600_000])(
  'a job waits as long as it is told to, though the clock is %d ms off the database’s',
  async (off) => {
    name = randomUUID()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off })
    const queue = await start(async () => {
      throw new Unavailable('a limit', { retryAt: new Date(Date.now() + 60_000) })
    })
    await put(queue)
    await until(async () => (await jobs())[0]!['state'] === 'retry')
    const [{ s } = {}] = await sql(
      `SELECT extract(epoch FROM start_after - now())::float AS s FROM jobs WHERE queue = $1`,
    )
    expect(s).toBeGreaterThan(50)
    expect(s).toBeLessThan(61)
  },
)

it.each([-3_600_000, 3_600_000])('its age is the database’s, though the clock is %d ms off', async (off) => {
  name = randomUUID()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off })
  const queue = await start(async () => {
    throw new Unavailable('away')
  })
  await sql(
    `INSERT INTO jobs (queue, id, key, data, created_at) VALUES ($1, gen_random_uuid(), 'k', '{}', now() - interval '100 s')`,
  )
  await until(async () => (await jobs())[0]!['state'] === 'retry')
  const [{ s } = {}] = await sql(
    `SELECT extract(epoch FROM start_after - now())::float AS s FROM jobs WHERE queue = $1`,
  )
  // A quarter of its age.
  expect(s).toBeGreaterThan(20)
  expect(s).toBeLessThan(27)
  await queue.stop(0)
})
