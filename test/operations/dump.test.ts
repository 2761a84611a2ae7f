import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { dumpOperations } from '../../src/operations/dump.ts'
import { migrateOperations, migrateWithin, readMigrations } from '../../src/operations/migrations.ts'
import { openPgBoss } from '../../src/operations/pg-boss.ts'
import { openQueue } from '../../src/operations/queue.ts'
import { rewriteTable } from '../../src/operations/rewrite-table.ts'
import { restoreOperations } from '../../src/operations/restore.ts'
import { openOperations } from '../../src/operations/store.ts'
import { silent } from '../ops/fake-server.ts'
import { columnsOf, fill, rowsOf } from './filled.ts'
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
  const pgBoss = await openPgBoss(url, silent)
  const queue = await openQueue<{ text: string }>(pgBoss, 'deliveries', true, silent)
  for (let n = 0; n < 6; n++) await queue.put({ id: idOf(n), key: `k${n}`, group: 'g', data: { text: hard } })
  const imports = await openQueue<{ text: string }>(pgBoss, 'imports', true, silent)
  await imports.put({ id: idOf(9), key: 'i', data: { text: 'names somebody' } })
  await Promise.all([queue.stop(0), imports.stop(0)])
  await pgBoss.fetch('deliveries', { batchSize: 4 })
  await pgBoss.complete('deliveries', idOf(0))
  await query(url, `UPDATE pgboss.job SET retry_limit = 0 WHERE id = $1`, [idOf(1)])
  await pgBoss.fail('deliveries', idOf(1), { message: 'no' })
  await pgBoss.stop({ graceful: false })
  return url
}
const idOf = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

const jobsOf = (url: string) => query(url, `SELECT to_jsonb(job)::text AS job FROM pgboss.job ORDER BY name, id`)

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
    expect((await jobsOf(target)).length).toBeGreaterThanOrEqual(7)
    const pgBoss = await openPgBoss(target, silent)
    expect(await pgBoss.detectSchemaDrift()).toMatchObject({ ok: true })
    const queue = await openQueue(pgBoss, 'deliveries', true, silent)
    const done: string[] = []
    queue.run(async ({ id }) => void done.push(id))
    await expect.poll(() => done.toSorted()).toEqual([2, 3, 4, 5].map(idOf))
    await queue.stop(1_000)
    await pgBoss.stop({ graceful: false })
  })
})

describe('a dump', () => {
  it('of an earlier version comes back as that, and is migrated then', async () => {
    const names = [...readMigrations().keys()]
    const [source, target] = [await emptyOn('embedded'), await emptyOn('embedded')]
    const before = open(source)
    await before.transaction().execute((tx) => migrateWithin(tx, names[4]))
    await openPgBoss(source, silent).then((pgBoss) => pgBoss.stop({ graceful: false }))
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
  })

  it('without the pile has nobody who was imported', async () => {
    const source = await filledOn('embedded')
    const folder = join(home, 'dump')
    const dump = await dumpOperations(source, folder, { profiles: false })
    const rows = Object.fromEntries(dump.tables.map(({ name, rows: n }) => [name, n]))
    expect(rows).toMatchObject({ imports: 0, seeding: 0, forgetting: 0, replies: 2 })
    expect(readFileSync(join(folder, 'pgboss.job.csv'), 'utf8')).not.toContain('names somebody')
    expect(rows['pgboss.job']).toBeGreaterThanOrEqual(6)
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
