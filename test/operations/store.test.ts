import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { commitMessage, type Trailers } from '../../src/domain/commit-message.ts'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { commandHasRun, givenIn } from '../../src/operations/tables/ledger-index.ts'
import { openOptOuts } from '../../src/operations/tables/opt-outs.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations, settle } from '../../src/operations/postgres/store.ts'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { silent } from '../ops/fake-server.ts'
import { newDatabase, startServer, type TestServer } from './servers.ts'
import { KEY } from '../ledger/key.ts'
import type { Operations, OperationsStore } from '../../src/operations/schema.ts'
import { prepareServer } from '../prepared-stores.ts'

const TABLES = [
  'indexed_heads',
  'commands_run',
  'stamps_given',
  'pull_request_items',
  'replies',
  'opt_outs',
  'delivery_looks',
  'missed_deliveries',
] as const

let home: string
let postgres: TestServer
let opened: Kysely<Operations>[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'store-'))
  postgres = await startServer()
})

afterEach(async () => {
  await Promise.all(opened.map((db) => db.destroy()))
  opened = []
})

afterAll(async () => {
  await postgres?.stop()
  rmSync(home, { recursive: true, force: true })
})

function open(url: string): Kysely<Operations> {
  const db = openOperations(url)
  opened.push(db)
  return db
}

async function newStore(wasteland = 'commons'): Promise<OperationsStore> {
  const db = open(await newDatabase(postgres))
  await migrateOperations(db)
  return { db, wasteland }
}

async function columnsOf(db: Kysely<Operations>): Promise<unknown[]> {
  const { rows } = await sql`SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`.execute(db)
  return rows
}

describe('the migrations', () => {
  it('make every table of an empty database, each row of which carries its wasteland', async () => {
    const { db } = await newStore()
    const columns = (await columnsOf(db)) as { table_name: string; column_name: string }[]
    for (const table of TABLES)
      expect(columns).toContainEqual(expect.objectContaining({ table_name: table, column_name: 'wasteland' }))
    const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
    expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).toSorted())
    expect(rows[0]).toEqual({ name: '0001-start' })
  })

  it('change nothing the second time, and keep what is there', async () => {
    const { db } = await newStore()
    await db.insertInto('indexed_heads').values({ wasteland: 'commons', hash: 'h' }).execute()
    const before = await columnsOf(db)
    await migrateOperations(db)
    expect(await columnsOf(db)).toEqual(before)
    expect(await db.selectFrom('indexed_heads').selectAll().execute()).toHaveLength(1)
  })

  it('started by two at once are run once', async () => {
    const db = open(await newDatabase(postgres))
    await Promise.all([migrateOperations(db), migrateOperations(db)])
    expect(await columnsOf(db)).not.toEqual([])
  })

  it('are refused, and nothing is changed, when a newer version has been here', async () => {
    const { db } = await newStore()
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', 'now')`.execute(db)
    const before = await columnsOf(db)
    const refused = await migrateOperations(db).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UserError)
    expect((refused as Error).message).toMatchInlineSnapshot(
      `"The operations store was written by a newer wasteland-bridge (it has 9999-future). Use that version, or name another DATABASE_URL."`,
    )
    expect(await columnsOf(db)).toEqual(before)
  })
})

it.each([
  ['no address at all', 'postgres'],
  ['another protocol', 'mysql://root@localhost/commons'],
])('a DATABASE_URL that is %s is told in a sentence', (_, url) => {
  expect(() => openOperations(url)).toThrow(UserError)
  expect(() => openOperations(url)).toThrow('Expected postgres://user:password@host:5432/name.')
})

it.each([
  ['a wrong password', (url: URL) => void (url.password = 'wrong'), 'Correct the user or the password.'],
  ['the name of no database', (url: URL) => void (url.pathname = '/nothing'), 'There is no database of the name'],
])('a DATABASE_URL with %s is told in a sentence', async (_, spoil, sentence) => {
  const url = new URL(postgres.url)
  spoil(url)
  const refused = await migrateOperations(open(url.href)).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(UserError)
  expect((refused as Error).message).toContain(sentence)
})

describe('an opt-out', () => {
  const key = randomBytes(32)
  let dataDir: string
  beforeEach(() => void (dataDir = mkdtempSync(join(home, 'data-'))))

  it('is known at once and after a start, and is that of one person on one host', async () => {
    const store = await newStore()
    const optOuts = await openOptOuts(store, dataDir, key)
    expect(await optOuts.has('github', 7)).toBe(false)
    await optOuts.add('github', 7)
    for (const each of [optOuts, await openOptOuts(store, dataDir, key)]) {
      expect(await each.has('github', 7)).toBe(true)
      expect(await each.has('github', 8)).toBe(false)
      expect(await each.has('ghes.example.org', 7)).toBe(false)
    }
  })

  it('outlives an emptied table, and a lost database, through the file', async () => {
    const store = await newStore()
    await (await openOptOuts(store, dataDir, key)).add('github', 7)
    await store.db.deleteFrom('opt_outs').execute()
    expect(await (await openOptOuts(store, dataDir, key)).has('github', 7)).toBe(true)
    expect(await (await openOptOuts(await newStore(), dataDir, key)).has('github', 7)).toBe(true)
  })

  it('names nobody in the file or the table, and the file is for its owner alone', async () => {
    const store = await newStore()
    await (await openOptOuts(store, dataDir, key)).add('github', 123456789)
    const file = join(dataDir, 'opt-outs')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const rows = await store.db.selectFrom('opt_outs').selectAll().execute()
    expect(readFileSync(file, 'utf8') + JSON.stringify(rows)).not.toContain('123456789')
  })

  it('from imports alone takes no part away, and one of both bars imports', async () => {
    const optOuts = await openOptOuts(await newStore(), dataDir, key)
    await optOuts.add('github', 7, 'imports')
    await optOuts.add('github', 8)
    const of = async (id: number) => [await optOuts.has('github', id), await optOuts.barsImports('github', id)]
    expect([await of(7), await of(8), await of(9)]).toEqual([
      [false, true],
      [true, true],
      [false, false],
    ])
  })

  it('is taken back by who joins, in the file too, and may be said again', async () => {
    const store = await newStore()
    const at = (second: number) => new Date(Date.UTC(2026, 10, 29, 10, 0, second))
    const optOuts = await openOptOuts(store, dataDir, key)
    await optOuts.add('github', 7, 'part', at(1))
    await optOuts.add('github', 7, 'imports', at(2))
    await optOuts.join('github', 7, at(2))
    const isOut = async (of = optOuts) => [await of.has('github', 7), await of.barsImports('github', 7)]
    expect(await isOut()).toEqual([false, false])
    expect(await isOut(await openOptOuts(await newStore(), dataDir, key))).toEqual([false, false])
    // In the second in which they came back.
    await optOuts.add('github', 7, 'part', at(2))
    expect(await isOut()).toEqual([true, true])
    expect(await isOut(await openOptOuts(await newStore(), dataDir, key))).toEqual([true, true])
    const lines = readFileSync(join(dataDir, 'opt-outs'), 'utf8')
    await optOuts.add('github', 7, 'part', at(3))
    expect(readFileSync(join(dataDir, 'opt-outs'), 'utf8')).toBe(lines)
  })

  it('is read as older versions wrote it, and written so that they read it', async () => {
    const store = await newStore()
    const optOuts = await openOptOuts(store, dataDir, key)
    await optOuts.add('github', 7, 'part', new Date(1000))
    await optOuts.add('github', 8, 'part', new Date(1000))
    await optOuts.join('github', 8, new Date(2000))
    const file = join(dataDir, 'opt-outs')
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    for (const line of lines) expect(line).toMatch(/^1970-01-01T00:00:0[12]\.000Z [0-9a-f]{64}$/)
    const before = lines.map((line) => line.slice(-64))
    writeFileSync(file, `${before[0]}\n0123${lines[2]}\n${before[1]}\n`)
    const again = await openOptOuts(await newStore(), dataDir, key)
    // A line without a time was written after those above it: 8 declined once more, by an older version.
    expect([await again.has('github', 7), await again.has('github', 8)]).toEqual([true, true])
  })

  it('written after one that was cut off in the middle of its line is not lost with it', async () => {
    const store = await newStore()
    const optOuts = await openOptOuts(store, dataDir, key)
    writeFileSync(join(dataDir, 'opt-outs'), '0123456789abcdef')
    await optOuts.add('github', 7)
    expect(await (await openOptOuts(await newStore(), dataDir, key)).has('github', 7)).toBe(true)
  })
})

describe('the index of the ledger', () => {
  let dolt: EmbeddedDolt
  let ledger: Ledger | undefined
  let ledgers = 0

  beforeAll(async () => {
    const { bin } = await installedDolt()
    await prepareServer('dolt', join(home, 'dolt'))
    dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
  }, FETCHING_MS)
  afterEach(async () => {
    await ledger?.close()
    ledger = undefined
  })
  afterAll(() => dolt?.stop())

  async function newLedger(): Promise<Ledger> {
    const admin = await openLedger(dolt.url('commons'), { key: KEY })
    const name = `ledger_${++ledgers}`
    await admin.read((db) => sql`CREATE DATABASE ${sql.ref(name)}`.execute(db.sql))
    await admin.close()
    ledger = await openLedger(dolt.url(name), { key: KEY })
    return ledger
  }

  const note = async (on: Ledger, trailers: Trailers, subject = 'wl note: w-0000000000') => {
    const commit = { author: 'ada <ada@example.org>', subject, trailers, empty: true }
    return (await on.transact(async () => ({ value: undefined, commit }))).hash
  }

  async function answers(store: OperationsStore, on: Ledger): Promise<unknown> {
    return {
      stamp: await commandHasRun(store, on, 'github/issue_comment/1/stamp/1'),
      post: await commandHasRun(store, on, 'github/issue_comment/2/post/1'),
      never: await commandHasRun(store, on, 'github/issue_comment/3/stamp/1'),
      given: await givenIn(store, on, ['s-1', 's-2', 's-3']),
    }
  }

  it('gives the same answers when its tables are emptied, and when the whole store is lost', async () => {
    const [on, store] = [await newLedger(), await newStore()]
    await note(on, { Command: 'github/issue_comment/2/post/1' })
    await note(on, { Command: 'github/issue_comment/1/stamp/1', Stamp: 's-1', Given: 'quality' })
    await note(on, { Stamp: 's-2', Given: 'quality, creativity' })
    const before = await answers(store, on)
    expect(before).toEqual({
      stamp: true,
      post: true,
      never: false,
      given: new Map([
        ['s-1', ['quality']],
        ['s-2', ['quality', 'creativity']],
      ]),
    })
    for (const table of ['commands_run', 'stamps_given', 'indexed_heads'] as const)
      await store.db.deleteFrom(table).execute()
    expect(await answers(store, on)).toEqual(before)
    expect(await answers(await newStore(), on)).toEqual(before)
  })

  it('reads on from where it was, and knows a command as soon as its commit is there', async () => {
    const [on, store] = [await newLedger(), await newStore()]
    for (const n of [1, 2, 3]) {
      const command = `github/issue_comment/${n}/stamp/1`
      expect(await commandHasRun(store, on, command)).toBe(false)
      const hash = await note(on, { Command: command })
      expect(await commandHasRun(store, on, command)).toBe(true)
      const [head] = await store.db.selectFrom('indexed_heads').select('hash').execute()
      expect(head).toEqual({ hash })
    }
  })

  it('forgets what another ledger said, when the one it read is replaced', async () => {
    const store = await newStore()
    const old = await newLedger()
    await note(old, { Command: 'old' })
    expect(await commandHasRun(store, old, 'old')).toBe(true)
    await old.close()
    const replaced = await newLedger()
    await note(replaced, { Command: 'new' })
    expect([await commandHasRun(store, replaced, 'old'), await commandHasRun(store, replaced, 'new')]).toEqual([
      false,
      true,
    ])
  })

  it('keeps two wastelands apart', async () => {
    const [on, store] = [await newLedger(), await newStore()]
    await note(on, { Command: 'theirs' })
    expect(await commandHasRun(store, on, 'theirs')).toBe(true)
    const other = { db: store.db, wasteland: 'other' }
    const emptyLedger: Ledger = {
      ...on,
      commitsSince: async () => ({ commits: [], whole: true, head: undefined, vouches: [], unsigned: false }),
    }
    expect(await commandHasRun(other, emptyLedger, 'theirs')).toBe(false)
    expect(await commandHasRun(store, on, 'theirs')).toBe(true)
  })

  it('is asked by many at once without a wrong answer', async () => {
    const [on, store] = [await newLedger(), await newStore()]
    await note(on, { Command: 'one' })
    const seen = await Promise.all(Array.from({ length: 12 }, () => commandHasRun(store, on, 'one')))
    expect(seen).toEqual(Array.from({ length: 12 }, () => true))
  })

  it('reads no trailer out of a value or a subject', async () => {
    const [on, store] = [await newLedger(), await newStore()]
    await note(
      on,
      { Reason: 'bad\n\nCommand: forged', Sender: 'eve\nCommand: forged 1' },
      'wl note: x\n\nCommand: forged',
    )
    expect(await commandHasRun(store, on, 'forged')).toBe(false)
    expect(commitMessage('wl note: x\n\nCommand: y', {}).split('\n')).toHaveLength(1)
  })
})

describe('a lost server', () => {
  it('is Unavailable for every query until it is back, and an error of the query itself stays what it is', async () => {
    const { db } = await newStore()
    const ask = () => settle(sql`SELECT 1`.execute(db))
    await ask()
    await expect(settle(sql`SELECT * FROM nowhere`.execute(db))).rejects.toMatchObject({ code: '42P01' })
    process.kill(postgres.pid()!, 'SIGKILL')
    const under = await settle(sql`SELECT pg_sleep(5)`.execute(db)).catch((error: unknown) => error)
    if (postgres.pooled !== true || under instanceof Error) expect(under).toBeInstanceOf(Unavailable)
    const answers: unknown[] = []
    await vi.waitUntil(
      async () => {
        answers.push(await ask().catch((error: unknown) => error))
        return !(answers.at(-1) instanceof Error)
      },
      { timeout: 100_000 }, // a killed Postgres lets go of its memory first
    )
    for (const error of answers.slice(0, -1)) expect(error).toBeInstanceOf(Unavailable)
  })

  it.each([
    ['nobody listens', 'postgres://u:p@127.0.0.1:1/x'],
    ['the host has no address', 'postgres://u:p@host.invalid:5432/x'],
  ])('is Unavailable when %s', async (_, url) => {
    await expect(settle(sql`SELECT 1`.execute(open(url)))).rejects.toBeInstanceOf(Unavailable)
  })
})
