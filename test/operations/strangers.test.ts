import { type Kysely } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  appliedMigrations,
  migrateOperations,
  migrateWithin,
  pendingMigrations,
  readMigrations,
} from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { startServer, type TestServer } from './servers.ts'
import type { Operations } from '../../src/operations/schema.ts'

/* A database that an operator may name in DATABASE_URL, and that cannot be ours: each is said before anything is made. */

let server: TestServer
const opened: Kysely<Operations>[] = []

beforeAll(async () => void (server = await startServer()))
afterEach(async () => void (await Promise.all(opened.splice(0).map((db) => db.destroy()))))
afterAll(() => server?.stop())

const urlOf = (database: string, user?: string) => {
  const url = Object.assign(new URL(server.url), { pathname: `/${database}` })
  return user === undefined ? url.href : Object.assign(url, { username: user, password: 'x' }).href
}

async function run(database: string, ...queries: string[]) {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  for (const query of queries) await client.query(query)
  await client.end()
}

function open(url: string) {
  const db = openOperations(url)
  opened.push(db)
  return db
}

/** What a start and the doctor say of it; both must say the same. */
async function saysOf(url: string): Promise<string> {
  const said = async (answer: Promise<unknown>) =>
    answer.then(
      () => 'nothing',
      (error: Error) => `${error.name}: ${error.message}`,
    )
  const [started, looked] = [await said(migrateOperations(open(url))), await said(pendingMigrations(open(url)))]
  expect(looked).toBe(started)
  return started
}

it('one of another encoding is refused, with how to make one', async () => {
  await run('postgres', `CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`)
  expect(await saysOf(urlOf('latin'))).toMatch(
    /^UserError: The database "latin" of DATABASE_URL .*LATIN1.*ENCODING 'UTF8'/,
  )
})

it('one with a table of our names that is not ours is refused', async () => {
  await run('postgres', 'CREATE DATABASE shared')
  await run('shared', 'CREATE TABLE imports (theirs text)')
  expect(await saysOf(urlOf('shared'))).toMatch(/^UserError: .*DATABASE_URL belongs to another program: .*"imports"/)
})

/** The migration before the one that makes the table `jobs`. */
function beforeJobs(): string {
  const all = [...readMigrations()]
  return all[all.findIndex(([, { tables }]) => tables.includes('jobs')) - 1]![0]
}

it.each(['TABLE', 'VIEW'])(
  'one of ours with a %s of another program that this version would make is refused, with nothing written',
  async (kind) => {
    const name = `older_${kind.toLowerCase()}`
    await run('postgres', `CREATE DATABASE ${name}`)
    const db = open(urlOf(name))
    await db.transaction().execute((tx) => migrateWithin(tx, beforeJobs()))
    await run(name, kind === 'TABLE' ? 'CREATE TABLE jobs (theirs text)' : 'CREATE VIEW jobs AS SELECT 1 AS theirs')
    const before = await appliedMigrations(db)
    expect(await saysOf(urlOf(name))).toMatch(
      /^UserError: The operations store cannot be brought to this version: .*"jobs".*"public".*another program\. Nothing was changed\. .*wasteland-bridge backup/,
    )
    expect(await appliedMigrations(db)).toEqual(before)
    await run(name, `ALTER ${kind} jobs RENAME TO theirs`)
    await migrateOperations(db)
    expect(await pendingMigrations(db)).toEqual([])
  },
)

it('one that has tables of other names is used', async () => {
  await run('postgres', 'CREATE DATABASE beside')
  await run('beside', 'CREATE TABLE invoices (theirs text)')
  await migrateOperations(open(urlOf('beside')))
  expect(await pendingMigrations(open(urlOf('beside')))).toEqual([])
})

it('one that another program with migrations of the same kind has is refused', async () => {
  await run('postgres', 'CREATE DATABASE kysely')
  await run(
    'kysely',
    'CREATE TABLE kysely_migration (name text, timestamp text)',
    `INSERT INTO kysely_migration VALUES ('2024-users', '')`,
  )
  expect(await saysOf(urlOf('kysely'))).toMatch(
    /^UserError: .*DATABASE_URL belongs to another program: none of its migrations/,
  )
})

it('a role without rights is refused with the grants that it lacks, and they are enough', async () => {
  await run('postgres', `CREATE ROLE lim LOGIN PASSWORD 'x'`, 'CREATE DATABASE limited')
  const url = urlOf('limited', 'lim')
  const said = await saysOf(url)
  expect(said).toMatch(/^UserError: Postgres does not let the user "lim" of DATABASE_URL make our tables/)
  const grants = [...said.matchAll(/GRANT [A-Z, ]+ ON SCHEMA "\w+" TO "lim"/g)].map(([grant]) => grant)
  expect(grants).toHaveLength(1)
  await run('limited', ...grants)
  await migrateOperations(open(url))
})
