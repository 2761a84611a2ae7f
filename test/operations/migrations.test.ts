import { readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { getRollbackPlans } from 'pg-boss'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import {
  migrateOperations,
  migrateWithin,
  pendingMigrations,
  QUEUE_SCHEMA,
  readMigrations,
} from '../../src/operations/migrations.ts'
import { openPgBoss } from '../../src/operations/pg-boss.ts'
import { openQueue } from '../../src/operations/queue.ts'
import { RETENTION } from '../../src/operations/retention.ts'
import { openOperations } from '../../src/operations/store.ts'
import { silent } from '../ops/fake-server.ts'
import { columnsOf, fill, rowsOf } from './filled.ts'
import { dumpSchema } from './schema-dump.ts'
import { newDatabase, query, startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

let server: TestServer
let opened: Kysely<Operations>[] = []
beforeAll(async () => void (server = await startServer()))
afterEach(async () => {
  await Promise.all(opened.map((db) => db.destroy()))
  opened = []
})
afterAll(() => server?.stop())

const open = (url: string) => {
  const db = openOperations(url)
  opened.push(db)
  return db
}
const newStore = async () => open(await newDatabase(server))

const NAMES = [...readMigrations().keys()]
/** The last migration that has the ledger read again: it also gave the mark of how far another name. */
const LAST_READ_ANEW = NAMES.indexOf('0021-signed-history')

describe('the schema of the operations store', () => {
  let fresh: string
  beforeAll(async () => {
    const db = await newStore()
    await migrateOperations(db)
    fresh = await dumpSchema(db)
  })

  it('is that of the golden dump, from migrations that nobody has changed', async () => {
    const made = [...readMigrations()].map(([name, { sha256 }]) => `${name} ${sha256}`)
    await expect(`${made.join('\n')}\n\n${fresh}`).toMatchFileSnapshot('schema.golden.txt')
  })

  it.each(NAMES)('comes from %s with every row kept', async (name) => {
    const db = await newStore()
    await db.transaction().execute((tx) => migrateWithin(tx, name))
    expect(await pendingMigrations(db)).toEqual(NAMES.slice(NAMES.indexOf(name) + 1))
    const tables = await columnsOf(db)
    expect(tables.size).toBeGreaterThan(0)
    await fill(db, tables)
    const before = await rowsOf(db, tables)
    await migrateOperations(db)
    expect(LAST_READ_ANEW).toBeGreaterThan(0)
    // The index of the ledger is read anew where a migration asks for it: its mark goes, and nothing else.
    const isReadAnew = NAMES.indexOf(name) < LAST_READ_ANEW
    const kept = new Map([...tables].filter(([table]) => table !== 'ledger_heads'))
    expect(await rowsOf(db, kept)).toEqual(
      Object.fromEntries(Object.entries(before).filter(([table]) => table !== 'ledger_heads')),
    )
    if (isReadAnew) expect(await db.selectFrom('indexed_heads').selectAll().execute()).toEqual([])

    expect(await dumpSchema(db)).toBe(fresh)
    const sums = await db.selectFrom('migration_checksums').selectAll().orderBy('name').execute()
    expect(sums).toEqual([...readMigrations()].map(([made, { sha256 }]) => ({ name: made, sha256 })))
  })

  it('has a rule of retention for every table', async () => {
    const db = await newStore()
    await migrateOperations(db)
    const tables = [...(await columnsOf(db)).keys(), 'migration_checksums']
    expect(Object.keys(RETENTION).toSorted()).toEqual(tables.toSorted())
  })
})

describe('a store is refused', () => {
  const refusal = async (db: Kysely<Operations>) => {
    const before = await dumpSchema(db)
    const refused = await migrateOperations(db).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UserError)
    expect(await dumpSchema(db)).toBe(before)
    return (refused as Error).message
  }

  it('when a migration that it has was changed since', async () => {
    const db = await newStore()
    await migrateOperations(db)
    await db.updateTable('migration_checksums').set({ sha256: 'other' }).where('name', '=', '0002-claims').execute()
    expect(await refusal(db)).toMatchInlineSnapshot(
      `"The operations store was made by other migrations than this wasteland-bridge has (0002-claims was changed). Use a released version unchanged, or name another DATABASE_URL."`,
    )
  })

  it('when a newer pg-boss has been here', async () => {
    const url = await newDatabase(server)
    const pgBoss = await openPgBoss(url, silent)
    await pgBoss.stop({ graceful: false })
    const db = open(url)
    await migrateOperations(db)
    await sql`UPDATE pgboss.version SET version = ${QUEUE_SCHEMA + 1}`.execute(db)
    expect(await refusal(db)).toContain(`written by a newer wasteland-bridge (it has pg-boss ${QUEUE_SCHEMA + 1})`)
  })

  it('on a Postgres that is too old', async () => {
    const url = new URL(await newDatabase(server))
    const direct = open(url.href)
    // Our own function stands before Postgres' where the path says so.
    await sql`CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT '12.22' $$`.execute(direct)
    await sql`ALTER DATABASE ${sql.ref(url.pathname.slice(1))} SET search_path = public, pg_catalog`.execute(direct)
    await direct.destroy()
    opened = []
    // A pooler's connections are from before.
    await query(server.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      url.pathname.slice(1),
    ])
    const db = open(url.href)
    const answers = () =>
      sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      )
    await vi.waitUntil(answers, { timeout: 30_000 })
    const refused = await migrateOperations(db).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UserError)
    expect((refused as Error).message).toContain('DATABASE_URL leads to Postgres 12.22, and 13 or newer is needed.')
  })
})

describe('the schema of pg-boss', () => {
  it('is the one that is pinned', async () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      dependencies: Record<string, string>
    }
    expect(dependencies['pg-boss']).toMatch(/^\d+\.\d+\.\d+$/)
    const url = await newDatabase(server)
    const pgBoss = await openPgBoss(url, silent)
    expect(await pgBoss.schemaVersion()).toBe(QUEUE_SCHEMA)
    await pgBoss.stop({ graceful: false })
  })

  it('comes from an older one with its jobs kept', async () => {
    const url = await newDatabase(server)
    const first = await openPgBoss(url, silent)
    const queue = await openQueue<{ n: number }>(first, 'jobs', true, silent)
    const id = '00000000-0000-4000-8000-000000000001'
    await queue.put({ id, key: 'k', data: { n: 1 } })
    await queue.stop(0)
    await first.stop({ graceful: false })
    const db = open(url)
    await sql.raw(getRollbackPlans('pgboss', QUEUE_SCHEMA)).execute(db)
    expect(
      (await sql<{ version: number }>`SELECT version FROM pgboss.version`.execute(db)).rows[0]!.version,
    ).toBeLessThan(QUEUE_SCHEMA)
    const second = await openPgBoss(url, silent)
    expect(await second.schemaVersion()).toBe(QUEUE_SCHEMA)
    const again = await openQueue<{ n: number }>(second, 'jobs', true, silent)
    expect(await again.knows([id])).toEqual(new Set([id]))
    await again.stop(0)
    await second.stop({ graceful: false })
  })
})

it('two replicas that begin at once on an empty database both come up, and work', async () => {
  const url = await newDatabase(server)
  const begin = async () => {
    await migrateOperations(open(url))
    const pgBoss = await openPgBoss(url, silent)
    const queue = await openQueue<{ n: number }>(pgBoss, 'jobs', false, silent)
    return { pgBoss, queue }
  }
  const replicas = await Promise.all([begin(), begin(), begin()])
  const done: number[] = []
  for (const { queue } of replicas) queue.run(async ({ data }) => void done.push(data.n))
  for (let n = 0; n < 30; n++)
    await replicas[n % 3]!.queue.put({
      id: `00000000-0000-4000-8000-0000000001${10 + n}`,
      key: `k${n % 5}`,
      data: { n },
    })
  await expect.poll(() => done.length, { timeout: 20_000 }).toBe(30)
  for (const { pgBoss, queue } of replicas) {
    await queue.stop(1_000)
    await pgBoss.stop({ graceful: false })
  }
})
