import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { completeJobs, deferJob, postponeJob, retryJob } from '../../src/operations/queue/outcomes.ts'
import { createPut } from '../../src/operations/queue/put.ts'
import { handBack, takeJobs } from '../../src/operations/queue/take.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { sqlOn, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

const TAKERS = 6
const SOON_MS = 20

let server: TestServer
let dbs: Kysely<Operations>[]
beforeAll(async () => {
  server = await startServer()
  dbs = Array.from({ length: TAKERS }, () => openOperations(server.url))
  await migrateOperations(dbs[0]!)
}, 60_000)
afterAll(async () => {
  await Promise.all(dbs.map((db) => db.destroy()))
  await server?.stop()
})

/** What a taker does with a job: most are done. */
const OUTCOMES = ['complete', 'complete', 'complete', 'hand back', 'defer', 'postpone', 'retry'] as const
type Outcome = (typeof OUTCOMES)[number]

const plan = fc.record({
  keys: fc.integer({ min: 1, max: 5 }),
  jobs: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
  most: fc.integer({ min: 1, max: 8 }),
  outcomes: fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 30 }),
})

describe('processes that take jobs of one queue at once', () => {
  it('never have one job twice nor two of a key, and do each key in its order', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ keys, jobs, most, outcomes }) => {
        const queue = randomUUID()
        const done = await race(queue, { jobs: jobs.map((key) => key % keys), most, outcomes })
        expect(done.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(jobs.map((_, n) => n))
        // What was put out of its line comes again after others; all else in order.
        for (let key = 0; key < keys; key++) {
          const inOrder = done.filter((job) => job.key === key && !job.postponed).map(({ n }) => n)
          expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 25 },
    )
  }, 240_000)
})

interface Done {
  n: number
  key: number
  postponed: boolean
}

async function race(
  queue: string,
  { jobs, most, outcomes }: { jobs: number[]; most: number; outcomes: Outcome[] },
): Promise<Done[]> {
  const put = createPut<{ n: number; key: number }>(dbs[0]!, queue)
  const done: Done[] = []
  const inHand = new Set<string>()
  const postponed = new Set<number>()
  let next = 0

  async function work(db: Kysely<Operations>, n: number) {
    while (done.length < jobs.length) {
      const taken = await takeJobs<{ n: number; key: number }>(db, queue, {
        most,
        priority: 0,
        but: [],
        process: undefined,
      })
      for (const { key } of taken) {
        if (inHand.has(key)) throw new Error(`two of key ${key} are in hand`)
        inHand.add(key)
      }
      await Promise.all(
        taken.map(async ({ id, key, data }) => {
          const outcome = outcomes[next++ % (outcomes.length + 20)] ?? 'complete'
          if (outcome === 'complete') done.push({ ...data, postponed: postponed.has(data.n) })
          if (outcome === 'postpone') postponed.add(data.n)
          // Before the store knows: as soon as it does another may have the next.
          inHand.delete(key)
          await end(db, queue, id, outcome)
        }),
      )
      // A retry waits for seconds. One taker does it, for two would lock the rows against each other.
      if (n === 0)
        await sqlOn(db, `UPDATE jobs SET start_after = now() WHERE queue = $1 AND start_after > now()`, [queue])
    }
  }
  const putting = (async () => {
    for (const [n, key] of jobs.entries()) {
      const storing = put({ id: randomUUID(), key: String(key), data: { n, key } })
      if (n % 3 === 0) await storing
    }
  })()
  await Promise.all([putting, ...dbs.map(work)])
  return done
}

async function end(db: Kysely<Operations>, queue: string, id: string, outcome: Outcome): Promise<void> {
  const holder = { queue, process: undefined }
  if (outcome === 'complete') await completeJobs(db, holder, [id])
  else if (outcome === 'hand back') await handBack(db, holder, [id])
  else if (outcome === 'defer') await deferJob(db, holder, id, SOON_MS)
  else if (outcome === 'postpone') await postponeJob(db, holder, id, SOON_MS)
  else await retryJob(db, holder, id, 'a fault')
}
