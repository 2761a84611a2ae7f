import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { suspectClass, SUSPECTS } from '../../src/operations/queue/job-classes.ts'
import { createJobDeaths, forgetDeaths, type JobDeaths } from '../../src/operations/queue/job-deaths.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import type { Taken } from '../../src/operations/queue/job.ts'
import { openQueue, type Queue } from '../../src/operations/queue/queue.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent, until } from '../ops/fake-server.ts'
import { sqlOn, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

type Data = { about: string }

let postgres: TestServer
let db: Kysely<Operations>
let open: Queue<Data>[] = []
let name = ''
let names = 0
let process = randomUUID()

beforeAll(async () => {
  postgres = await startServer()
  db = openOperations(postgres.url)
  await migrateOperations(db)
}, 60_000)

afterEach(async () => {
  await Promise.all(open.map((queue) => queue.stop(0)))
  open = []
  await forgetDeaths(db)
})

afterAll(async () => {
  await db?.destroy()
  await postgres?.stop()
})

const sql = (text: string, values: unknown[] = []) => sqlOn(db, text, values)

/** A process that starts alone on the store: what an earlier one had in hand, it died of. */
async function started(handle?: (job: Taken<Data>) => Promise<void>, deaths?: JobDeaths): Promise<Queue<Data>> {
  process = randomUUID()
  const counting = { deaths: deaths ?? createJobDeaths(db, process), causeOf: ({ data }: { data: Data }) => data.about }
  const queue = await openQueue<Data>(db, name, true, silent, () => {}, counting)
  open.push(queue)
  if (handle !== undefined) queue.run(handle)
  return queue
}

const anew = () => (name = `deaths-${++names}`)
const put = (queue: Queue<Data>, about: string, key: string = about, id: string = randomUUID()) =>
  queue.put({ id, key, data: { about } })

/** As if a process had died with the waiting jobs about these in hand. */
async function die(...abouts: string[]): Promise<string> {
  const dead = randomUUID()
  await sql(
    `UPDATE jobs SET state = 'active', heartbeat_at = now() - interval '1 minute', process = $2
     WHERE queue = $1 AND state IN ('created', 'retry') AND data->>'about' = ANY($3)`,
    [name, dead, abouts],
  )
  return dead
}

const stateOf = async (about: string) =>
  sql(`SELECT state, priority FROM jobs WHERE queue = $1 AND data->>'about' = $2`, [name, about])
const deadLetters = () => sql(`SELECT data, error FROM dead_letters WHERE queue = $1`, [name])

describe('a job whose process died', () => {
  it('is tried again twice, and at the third death is a dead letter that holds up nobody in its line', async () => {
    anew()
    let queue = await started()
    await put(queue, 'hostile', 'pull/1')
    await put(queue, 'stamp', 'pull/1')
    for (const deaths of [1, 2]) {
      await die('hostile')
      queue = await started()
      expect(await stateOf('hostile')).toMatchObject([{ state: 'created', priority: suspectClass(deaths) }])
    }
    await die('hostile')
    const ran: { about: string; deadly: boolean }[] = []
    await started(async ({ data, deadly }) => void ran.push({ about: data.about, deadly }))
    await until(() => ran.length === 2)
    await until(async () => (await stateOf('stamp')).length === 0 || (await deadLetters()).length === 1)
    expect(ran).toEqual([
      { about: 'hostile', deadly: true },
      { about: 'stamp', deadly: false },
    ])
    expect(await deadLetters()).toMatchObject([{ data: { about: 'hostile' } }])
    expect((await deadLetters())[0]!['error']).toContain('died 3 times')
  })

  it('is known under another id: what killed three times does not run once more when it comes again', async () => {
    anew()
    let queue = await started()
    await put(queue, 'hostile')
    for (let n = 0; n < 3; n++) {
      await die('hostile')
      queue = await started()
    }
    const ran: boolean[] = []
    queue = await started(async ({ deadly }) => void ran.push(deadly))
    await put(queue, 'hostile', 'another line')
    await until(async () => (await deadLetters()).length === 2)
    expect(ran).toEqual([true, true])
  })

  it('waits behind one of its line that was postponed when it was tried, and keeps nobody from being taken', async () => {
    anew()
    const queue = await started()
    for (const [about, key] of [
      ['postponed', 'a'],
      ['suspect', 'a'],
      ['other', 'b'],
    ] as const)
      await put(queue, about, key)
    await sql(`UPDATE jobs SET priority = $2 WHERE queue = $1 AND data->>'about' = 'suspect'`, [name, suspectClass(1)])
    const ran: string[] = []
    queue.run(async ({ data }) => void ran.push(data.about))
    await until(() => ran.includes('postponed') && ran.includes('other'))
  })

  it('comes before no other, and runs with nothing beside it until it has ended; then it is suspected no more', async () => {
    anew()
    let queue = await started()
    for (const about of ['a', 'b', 'c']) await put(queue, about)
    await die('a', 'b', 'c')
    const inHand = new Set<string>()
    const beside: string[][] = []
    const handle = async ({ data }: Taken<Data>) => {
      inHand.add(data.about)
      beside.push([...inHand])
      await new Promise((resolve) => setTimeout(resolve, 50))
      inHand.delete(data.about)
    }
    queue = await started(handle)
    for (const about of ['d', 'e']) await put(queue, about)
    await until(() => beside.length === 5)
    for (const about of ['a', 'b', 'c']) expect(beside).toContainEqual([about])
    await until(async () => (await sql('SELECT 1 FROM job_deaths')).length === 0)
  }, 30_000)

  it('is no suspect when the process said that it stops, was not of ours, or lives: what it has in hand stays its own', async () => {
    anew()
    const queue = await started()
    for (const about of ['stopped', 'unknown']) await put(queue, about)
    const stopped = await die('stopped')
    await createJobDeaths(db, stopped).stopping()
    await die('unknown')
    await sql(`UPDATE jobs SET process = NULL WHERE queue = $1 AND data->>'about' = 'unknown'`, [name])
    await started()
    for (const about of ['stopped', 'unknown'])
      expect(await stateOf(about)).toMatchObject([{ state: 'created', priority: 0 }])
  })

  it('is run all the same when its deaths were taken back since, at the third as at the first', async () => {
    anew()
    let queue = await started()
    for (const about of ['once', 'thrice']) await put(queue, about)
    for (const about of ['once', 'thrice', 'thrice', 'thrice']) {
      await die(about)
      queue = await started()
    }
    expect(await stateOf('once')).toMatchObject([{ priority: suspectClass(1) }])
    expect(await stateOf('thrice')).toMatchObject([{ priority: suspectClass(3) }])
    await forgetDeaths(db)
    const ran: { about: string; deadly: boolean }[] = []
    await started(async ({ data, deadly }) => void ran.push({ about: data.about, deadly }))
    await until(async () => ran.length === 2 && (await stateOf('once')).length + (await stateOf('thrice')).length === 0)
    expect(ran.toSorted((a, b) => a.about.localeCompare(b.about))).toEqual([
      { about: 'once', deadly: false },
      { about: 'thrice', deadly: false },
    ])
    expect(await deadLetters()).toEqual([])
  })

  it('of a process that was only asleep is cleared by its next touch', async () => {
    const asleep = createJobDeaths(db, randomUUID())
    await asleep.touch()
    await sql(`UPDATE queue_processes SET touched_at = now() - interval '1 minute'`)
    const other = createJobDeaths(db, randomUUID())
    await other.record([{ cause: 'slept', process: asleep.process }], false)
    expect(other.of('slept')).toBe(1)
    await asleep.touch()
    await other.touch()
    expect(other.of('slept')).toBe(0)
  })

  it('is counted by no replica while the process lives, and once however many see it', async () => {
    const alive = createJobDeaths(db, randomUUID())
    await alive.touch()
    const [one, two] = [createJobDeaths(db, randomUUID()), createJobDeaths(db, randomUUID())]
    await one.record([{ cause: 'alive', process: alive.process }], false)
    expect(one.of('alive')).toBe(0)
    const gone = randomUUID()
    for (const replica of [one, two]) await replica.record([{ cause: 'gone', process: gone }], false)
    expect(two.of('gone')).toBe(1)
  })

  it('has a class of its own for each death, below all others', () => {
    expect(SUSPECTS).toEqual([-11, -12])
    expect(suspectClass(9)).toBe(-13)
  })
})
