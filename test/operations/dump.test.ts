import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { dumpOperations, OLD_JOBS, QUEUE_SQL } from '../../src/operations/backup/dump.ts'
import { migrateOperations, migrateWithin, readMigrations } from '../../src/operations/postgres/migrations.ts'
import { carryOverOnce } from '../../src/operations/queue/carry-over.ts'
import { buryJob, completeJobs } from '../../src/operations/queue/outcomes.ts'
import { openQueue } from '../../src/operations/queue/queue.ts'
import { takeJobs } from '../../src/operations/queue/take.ts'
import { rewriteTable } from '../../src/operations/tables/rewrite-table.ts'
import { restoreOperations } from '../../src/operations/backup/restore.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent } from '../ops/fake-server.ts'
import { columnsOf, fill, rowsOf } from './filled.ts'
import { makeOldQueue, OLD_QUEUE_SQL, putOld } from './old-queue.ts'
import { dumpSchema } from './schema-dump.ts'
import { type Kind, lackingFor, newDatabase, query, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

const servers = new Map<Kind, TestServer>()
let home: string
let opened: Kysely<Operations>[] = []
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'dump-'))))
afterEach(async () => {
  await Promise.all(opened.map((db) => db.destroy()))
  opened = []
  rmSync(home, { recursive: true })
})
afterAll(async () => {
  for (const server of servers.values()) await server.stop()
})

async function emptyOn(kind: Kind): Promise<string> {
  if (!servers.has(kind)) servers.set(kind, await startServer(kind))
  return newDatabase(servers.get(kind)!)
}
const open = (url: string) => {
  const db = openOperations(url)
  opened.push(db)
  return db
}

/** A store with two rows in each table, one of hard text, and jobs that wait, are done, are in hand and are dead. */
async function filledOn(kind: Kind): Promise<string> {
  const url = await emptyOn(kind)
  const db = open(url)
  await migrateOperations(db)
  await fill(db, await columnsOf(db))
  const hard = `,"'\\N \\. \n\r\t☃ 𝕏 ""`
  await db
    .insertInto('opt_outs')
    .values({ wasteland: hard, person: '', since: new Date(0) })
    .execute()
  const queue = await openQueue<{ text: string }>(db, 'deliveries', true, silent)
  for (let n = 0; n < 6; n++) await queue.put({ id: idOf(n), key: `k${n}`, group: 'g', data: { text: hard } })
  const imports = await openQueue<{ text: string }>(db, 'imports', true, silent)
  await imports.put({ id: idOf(9), key: 'i', data: { text: 'names somebody' } })
  await Promise.all([queue.stop(0), imports.stop(0)])
  await takeJobs(db, 'deliveries', { most: 4, priority: 0, but: [], process: undefined })
  await completeJobs(db, { queue: 'deliveries', process: undefined }, [idOf(0)])
  await buryJob(db, { queue: 'deliveries', process: undefined }, idOf(1), 'no')
  return url
}
const idOf = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

/** A dump as a version before the table `jobs` wrote it: pg-boss's own statements, and all of its tables. */
async function dumpAsBefore(folder: string, upTo: string) {
  const source = await emptyOn('embedded')
  await open(source)
    .transaction()
    .execute((tx) => migrateWithin(tx, upTo))
  await makeOldQueue(source)
  await putOld(source, { id: idOf(1), key: 'k', data: { text: 'waits' } })
  await putOld(source, { id: idOf(2), key: 'i', queue: 'imports', data: { text: 'waits' } })
  mkdirSync(folder)
  writeFileSync(join(folder, QUEUE_SQL), OLD_QUEUE_SQL)
  for (const table of ['pgboss.queue', OLD_JOBS, 'kysely_migration']) {
    const client = new pg.Client(source)
    await client.connect()
    const stream = client.query(copy.to(`COPY (SELECT * FROM ${table}) TO STDOUT (FORMAT csv, HEADER)`))
    await pipeline(stream, createWriteStream(join(folder, `${table}.csv`)))
    await client.end()
  }
}

const jobsOf = (url: string) =>
  query(
    url,
    `SELECT to_jsonb(jobs)::text AS job FROM jobs WHERE queue IN ('deliveries', 'imports')
     UNION ALL SELECT to_jsonb(dead_letters)::text FROM dead_letters WHERE queue = 'deliveries' ORDER BY 1`,
  )

it('a dump during which a table is rewritten has all its rows', async () => {
  const url = await filledOn('embedded')
  const holder = new pg.Client(url)
  await holder.connect()
  // One that is dumped before `replies`.
  await holder.query('BEGIN; LOCK TABLE admitted_names IN ACCESS EXCLUSIVE MODE')
  const waiting = async (what: string) => {
    const [row] = await query(
      url,
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`,
      [what],
    )
    return row!['n']
  }
  const dumping = dumpOperations(url, join(home, 'dump'), { profiles: true })
  await expect.poll(() => waiting('%admitted_names%')).toBe(1)
  const rewriting = rewriteTable(open(url), 'replies')
  let isRewritten = false
  void rewriting.then(() => (isRewritten = true))
  await expect.poll(async () => isRewritten || (await waiting('%LOCK TABLE "replies"%')) === 1).toBe(true)
  await holder.end()
  const dump = await dumping
  await rewriting
  expect(dump.tables.find(({ name }) => name === 'replies')).toEqual({ name: 'replies', rows: 2 })
})

describe.each<[Kind, Kind]>([
  ['embedded', 'embedded'],
  ['older', 'embedded'],
  ['embedded', 'older'],
  ['pooled', 'pooled'],
])('a store on the %s Postgres, dumped', (from, to) => {
  const lacking = [from, to].some((kind) => lackingFor(kind) !== undefined)
  it.skipIf(lacking)(`comes back on the ${to} one as it was, jobs included`, async () => {
    const [source, target] = [await filledOn(from), await emptyOn(to)]
    const dump = await dumpOperations(source, join(home, 'dump'), { profiles: true })
    await restoreOperations(target, join(home, 'dump'), dump)
    const [before, after] = [open(source), open(target)]
    await migrateOperations(after)
    const tables = await columnsOf(before)
    expect(await rowsOf(after, tables)).toEqual(await rowsOf(before, tables))
    expect(await dumpSchema(after)).toBe(await dumpSchema(before))
    expect(await jobsOf(target)).toEqual(await jobsOf(source))
    expect(await jobsOf(target)).toHaveLength(7)
    const queue = await openQueue<{ text: string }>(after, 'deliveries', true, silent)
    // It comes after what waits of its key.
    await queue.put({ id: idOf(7), key: 'k5', data: { text: 'later' } })
    const done: string[] = []
    queue.run(async ({ id }) => void done.push(id))
    await expect.poll(() => done.toSorted()).toEqual([2, 3, 4, 5, 7].map(idOf))
    expect(done.indexOf(idOf(5))).toBeLessThan(done.indexOf(idOf(7)))
    await queue.stop(1_000)
  })
})

describe('a dump', () => {
  it('of an earlier version comes back as that, and is migrated then', async () => {
    const names = [...readMigrations().keys()]
    const [source, target] = [await emptyOn('embedded'), await emptyOn('embedded')]
    const before = open(source)
    await before.transaction().execute((tx) => migrateWithin(tx, names[4]))
    await makeOldQueue(source)
    await putOld(source, { id: idOf(1), key: 'k', data: { text: 'waits' } })
    await putOld(source, { id: idOf(2), key: 'i', queue: 'imports', data: { text: 'waits' } })
    const tables = await columnsOf(before)
    await fill(before, tables)
    const dump = await dumpOperations(source, join(home, 'dump'), { profiles: true })
    expect(dump.migrations).toEqual(names.slice(0, 5))
    await restoreOperations(target, join(home, 'dump'), dump)
    const after = open(target)
    expect(await dumpSchema(after)).toBe(await dumpSchema(before))
    // How far the ledger was read has another name now, and is found anew.
    tables.delete('ledger_heads')
    expect(await rowsOf(after, tables)).toEqual(await rowsOf(before, tables))
    await migrateOperations(after)
    await carryOverOnce({ db: after, queues: ['deliveries', 'imports'], alone: true }, { whole: true })
    const carried = await query(target, `SELECT queue, id, key, state, data FROM jobs ORDER BY id`)
    expect(carried).toEqual([
      { queue: 'deliveries', id: idOf(1), key: 'k', state: 'created', data: { text: 'waits' } },
      { queue: 'imports', id: idOf(2), key: 'i', state: 'created', data: { text: 'waits' } },
    ])
  })

  it('of an earlier version, made by that version, comes back and its jobs are carried over', async () => {
    const names = [...readMigrations().keys()]
    const target = await emptyOn('embedded')
    const folder = join(home, 'dump')
    await dumpAsBefore(folder, names[4]!)
    const tables = [
      { name: 'pgboss.queue', rows: 3 },
      { name: 'kysely_migration', rows: 5 },
      { name: OLD_JOBS, rows: 2 },
    ]
    await restoreOperations(target, folder, { postgres: '18', migrations: names.slice(0, 5), tables })
    const after = open(target)
    await migrateOperations(after)
    await carryOverOnce({ db: after, queues: ['deliveries', 'imports'], alone: true }, { whole: true })
    expect(await query(target, `SELECT queue, id, state FROM jobs ORDER BY id`)).toEqual([
      { queue: 'deliveries', id: idOf(1), state: 'created' },
      { queue: 'imports', id: idOf(2), state: 'created' },
    ])
  })

  it('without the pile has nobody who was imported', async () => {
    const source = await filledOn('embedded')
    const folder = join(home, 'dump')
    const dump = await dumpOperations(source, folder, { profiles: false })
    const rows = Object.fromEntries(dump.tables.map(({ name, rows: n }) => [name, n]))
    expect(rows).toMatchObject({ imports: 0, seeding: 0, forgetting: 0, replies: 2 })
    expect(readFileSync(join(folder, 'jobs.csv'), 'utf8')).not.toContain('names somebody')
    expect(rows['jobs']).toBeGreaterThanOrEqual(5)
    expect([statSync(folder).mode & 0o777, statSync(join(folder, 'replies.csv')).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it('is of one moment, though others write', async () => {
    const source = await filledOn('embedded')
    const db = open(source)
    let writing = true
    const writes = (async () => {
      // In one transaction a head and a command: a dump has both or neither.
      for (let n = 0; writing; n++)
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('indexed_heads')
            .values({ wasteland: `w${n}`, hash: 'h' })
            .execute()
          await tx
            .insertInto('commands_run')
            .values({ wasteland: `w${n}`, command: 'c', hash: 'h' })
            .execute()
        })
    })()
    const dump = await dumpOperations(source, join(home, 'dump'), { profiles: true })
    writing = false
    await writes
    const rowsIn = (table: string) => dump.tables.find(({ name }) => name === table)!.rows
    expect(rowsIn('indexed_heads')).toBe(rowsIn('commands_run'))
  })

  it('is restored into an empty database only, and only whole', async () => {
    const source = await filledOn('embedded')
    const folder = join(home, 'dump')
    const dump = await dumpOperations(source, folder, { profiles: true })
    await expect(restoreOperations(source, folder, dump)).rejects.toThrow(
      'The database for the operations store is not empty.',
    )
    const unknown = { ...dump, migrations: [...dump.migrations, '9999-future'] }
    const target = await emptyOn('embedded')
    await expect(restoreOperations(target, folder, unknown)).rejects.toThrow('its store has 9999-future')
    const file = join(folder, 'replies.csv')
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n'))
    await expect(restoreOperations(target, folder, dump)).rejects.toThrow('1 rows, and 2 were expected')
    expect((await sql`SELECT to_regclass('replies') AS found`.execute(open(target))).rows).toEqual([{ found: null }])
  })

  it('of a database without a store of ours is refused', async () => {
    const refused = await dumpOperations(await emptyOn('embedded'), join(home, 'dump'), { profiles: true }).catch(
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(UserError)
    expect((refused as Error).message).toContain('There is no operations store to back up yet.')
  })
})
