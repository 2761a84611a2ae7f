import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dumpOperations, OLD_JOBS } from '../../src/operations/backup/dump.ts'
import { migrateOperations, pendingMigrations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { type CarryOver, carryOverOnce, startCarryOver } from '../../src/operations/queue/carry-over.ts'
import { silent, until } from '../ops/fake-server.ts'
import { completeOld, makeOldQueue, putOld, takeOld } from './old-queue.ts'
import { newDatabase, query, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

/* Jobs of an older version in states that are seldom, and what is not its own. */

const QUEUES = ['deliveries', 'imports']

let server: TestServer
let url: string
let db: Kysely<Operations>
let carried: CarryOver | undefined
beforeAll(async () => void (server = await startServer()))
beforeEach(async () => {
  url = await newDatabase(server)
  db = openOperations(url)
})
afterEach(async () => {
  vi.useRealTimers()
  carried?.stop()
  await db.destroy()
})
afterAll(() => server?.stop())

const sql = (text: string, values: unknown[] = []) => query(url, text, values)
const start = async (alone: boolean) =>
  void (carried = await startCarryOver({ db, queues: QUEUES, alone, log: silent }))
const hasOld = async () => (await sql(`SELECT to_regclass('pgboss.job') AS found`))[0]!['found'] !== null
const deadLetters = () => sql('SELECT queue, job_id, key, error, data FROM dead_letters ORDER BY key')

describe('of an older version', () => {
  beforeEach(async () => {
    await makeOldQueue(url)
    await migrateOperations(db)
  })

  it('what failed for good is a dead letter, whether or not its copy was made, and its tables go', async () => {
    const [copied, bare] = [await putOld(url, { key: 'a' }), await putOld(url, { key: 'b' })]
    await sql(`UPDATE pgboss.job SET state = 'failed', output = '{"message": "the reason"}', completed_on = now()`)
    await sql(
      `INSERT INTO pgboss.job (name, singleton_key, data, source_name, source_id, source_created_on, source_output)
       SELECT 'dead-letters', singleton_key, data, name, id, created_on, output FROM pgboss.job WHERE id = $1`,
      [copied],
    )
    await start(true)
    expect(await hasOld()).toBe(false)
    expect(await deadLetters()).toEqual([
      { queue: 'deliveries', job_id: copied, key: 'a', error: 'the reason', data: { n: 0 } },
      { queue: 'deliveries', job_id: bare, key: 'b', error: 'the reason', data: { n: 0 } },
    ])
  })

  it('what was cancelled does not run, is known, and goes with its tables; jobs of pg-boss’ own go too', async () => {
    const id = await putOld(url, { key: 'a' })
    await sql(`UPDATE pgboss.job SET state = 'cancelled', completed_on = now()`)
    await sql(`SELECT pgboss.create_queue('__pgboss__send-it', '{"policy": "standard"}')`)
    await sql(`INSERT INTO pgboss.job (name, data) VALUES ('__pgboss__send-it', '{}')`)
    await start(true)
    expect(await hasOld()).toBe(false)
    expect(await sql('SELECT id, state, data FROM jobs')).toEqual([{ id, state: 'completed', data: null }])
  })

  it('what was due long ago and what was held back by another comes over, as what waits', async () => {
    const [late, blocked] = [await putOld(url, { key: 'a' }), await putOld(url, { key: 'b' })]
    await sql(`UPDATE pgboss.job SET start_after = now() - interval '3 days', keep_until = now() - interval '1 day'`)
    await sql(`UPDATE pgboss.job SET blocked = true WHERE id = $1`, [blocked])
    await start(true)
    expect(await sql('SELECT id, state FROM jobs WHERE start_after <= now() ORDER BY sequence')).toEqual([
      { id: late, state: 'created' },
      { id: blocked, state: 'created' },
    ])
  })

  it('what it did while we were suspended is known afterwards, and not done again', async () => {
    const id = await putOld(url, { key: 'a' })
    await takeOld(url, id, randomUUID())
    await start(false)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await completeOld(url, id)
    await sql(`UPDATE pgboss.job SET completed_on = now() - interval '10 minutes'`)
    vi.setSystemTime(Date.now() + 11 * 60_000)
    await until(async () => (await sql(`SELECT FROM jobs WHERE state = 'active'`)).length === 0)
    expect(await sql('SELECT id, state FROM jobs')).toEqual([{ id, state: 'completed' }])
  })

  it('what it had in hand when its tables were dropped by hand is taken back', async () => {
    const id = await putOld(url, { key: 'a' })
    await takeOld(url, id, randomUUID())
    await carryOverOnce({ db, queues: QUEUES, alone: false }, { whole: true })
    await sql('DROP SCHEMA pgboss CASCADE')
    await start(false)
    expect(await sql('SELECT id, heartbeat_at < now() AS gone FROM jobs')).toEqual([{ id, gone: true }])
  })

  it('what waits for its next try comes over beside who takes others of the same keys', async () => {
    for (const key of ['a', 'b']) await putOld(url, { key })
    await sql(`UPDATE pgboss.job SET state = 'retry'`)
    const taking = new pg.Client({ connectionString: url })
    await taking.connect()
    const take = (key: string) =>
      taking.query(
        `INSERT INTO jobs (queue, id, key, state, heartbeat_at)
         VALUES ('deliveries', gen_random_uuid(), $1, 'active', now())`,
        [key],
      )
    await taking.query('BEGIN')
    await take('b')
    const carrying = carryOverOnce({ db, queues: QUEUES, alone: true }, { whole: true }).catch(
      (error: unknown) => error,
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    await take('a')
    await taking.query('COMMIT')
    await taking.end()
    expect(await carrying).toBe(2)
    expect(await sql('SELECT state FROM jobs WHERE data IS NOT NULL')).toEqual([
      { state: 'created' },
      { state: 'created' },
    ])
  })

  it('replicas that begin at once bring everything over once, though one of them drops its tables', async () => {
    const ids = []
    for (let n = 0; n < 20; n++) ids.push(await putOld(url, { key: `k${n % 3}` }))
    const others = Array.from({ length: 5 }, () => openOperations(url))
    const starts = others.map((other, n) =>
      startCarryOver({ db: other, queues: QUEUES, alone: n % 2 === 0, log: silent }).then((one) => one.stop()),
    )
    const said = await Promise.allSettled(starts)
    await Promise.all(others.map((other) => other.destroy()))
    expect(said.filter(({ status }) => status === 'rejected')).toEqual([])
    expect((await sql('SELECT id FROM jobs ORDER BY sequence')).map((row) => row['id'])).toEqual(ids)
  })
})

describe('of another program that uses pg-boss', () => {
  it('jobs in a queue of the same name stay its own', async () => {
    await makeOldQueue(url)
    await sql(`DELETE FROM pgboss.queue WHERE name <> 'dead-letters'`)
    await sql(`SELECT pgboss.create_queue('imports', '{"policy": "standard"}')`)
    await sql(`INSERT INTO pgboss.job (name, data) VALUES ('imports', '{}')`)
    await migrateOperations(db)
    await start(true)
    expect(await sql('SELECT name FROM pgboss.job')).toEqual([{ name: 'imports' }])
    expect(await sql('SELECT FROM jobs')).toEqual([])
  })

  it('jobs are in no backup of ours', async () => {
    await makeOldQueue(url)
    await migrateOperations(db)
    await sql(`SELECT pgboss.create_queue('invoices', '{"policy": "standard"}')`)
    await sql(`INSERT INTO pgboss.job (name, data) VALUES ('invoices', '{}')`)
    await putOld(url, { key: 'a' })
    const rowsOfOld = async () => {
      const folder = mkdtempSync(join(tmpdir(), 'dump-'))
      const { tables } = await dumpOperations(url, join(folder, 'dump'), { profiles: true })
      rmSync(folder, { recursive: true })
      return tables.find(({ name }) => name === OLD_JOBS)?.rows
    }
    expect(await rowsOfOld()).toBe(1)
    await sql(`UPDATE pgboss.queue SET dead_letter = NULL WHERE name = 'deliveries'`)
    expect(await rowsOfOld()).toBeUndefined()
  })

  it('tables of another form, or of a newer version, hinder nobody', async () => {
    await sql('CREATE SCHEMA pgboss')
    await sql('CREATE TABLE pgboss.version (version int)')
    await sql('INSERT INTO pgboss.version VALUES (99)')
    await sql('CREATE TABLE pgboss.job (id uuid, name text, createdon timestamptz)')
    await migrateOperations(db)
    expect(await pendingMigrations(db)).toEqual([])
    await start(true)
    await start(false)
    expect(await hasOld()).toBe(true)
  })
})
