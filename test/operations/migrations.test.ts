import { type Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import {
  migrateOperations,
  migrateWithin,
  pendingMigrations,
  readMigrations,
} from '../../src/operations/postgres/migrations.ts'
import { PG_BOSS_SCHEMA } from '../../src/operations/queue/old-queue.ts'
import { openQueue } from '../../src/operations/queue/queue.ts'
import { RETENTION } from '../../src/operations/tables/retention.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent } from '../ops/fake-server.ts'
import { columnsOf, fill, rowsOf } from './filled.ts'
import { makeOldQueue } from './old-queue.ts'
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
    await makeOldQueue(url)
    const db = open(url)
    await migrateOperations(db)
    await sql`UPDATE pgboss.version SET version = ${PG_BOSS_SCHEMA + 1}`.execute(db)
    expect(await refusal(db)).toContain(`written by a newer wasteland-bridge (it has pg-boss ${PG_BOSS_SCHEMA + 1})`)
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

it('two replicas that begin at once on an empty database both come up, and work', async () => {
  const url = await newDatabase(server)
  const begin = async () => {
    const db = open(url)
    await migrateOperations(db)
    return openQueue<{ n: number }>(db, 'jobs', false, silent)
  }
  const replicas = await Promise.all([begin(), begin(), begin()])
  const done: number[] = []
  for (const queue of replicas) queue.run(async ({ data }) => void done.push(data.n))
  for (let n = 0; n < 30; n++)
    await replicas[n % 3]!.put({
      id: `00000000-0000-4000-8000-0000000001${10 + n}`,
      key: `k${n % 5}`,
      data: { n },
    })
  await expect.poll(() => done.length, { timeout: 20_000 }).toBe(30)
  for (const queue of replicas) await queue.stop(1_000)
})
