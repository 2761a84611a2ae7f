import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KyselyPlugin } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { sha256 } from '../../src/domain/hash.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { insertStamp } from '../../src/ledger/tables/stamps.ts'
import { openCommons, ledgerAddress } from '../../src/ledger/connect.ts'
import { createCommitSigner } from '../../src/ledger/engine/signature.ts'
import { prepareCommons } from '../../src/ledger/tables/commons.ts'
import { silent } from '../ops/fake-server.ts'
import { history, openPull, OWNER, postItem, startWorld, type World } from '../scenarios/world.ts'
import { type Database, newDatabaseAt } from './databases.ts'
import { startFakeMysql } from './fake-mysql.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { createPeer, GT, type Tables, UNION, WL } from './peer-schemas.ts'
import { KEY, unsigned } from './key.ts'
import { prepareServer } from '../prepared-stores.ts'

const INDEXES = [
  'completions.completed_by',
  'completions.wanted_id',
  'rig_links.rig_b',
  'rigs.parent_rig',
  'stamps.author',
  'stamps.context_id',
  'stamps.subject',
  'wanted.status',
]

let home: string
let dolt: EmbeddedDolt
let databases = 0
let opened: Ledger[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'commons-'))
  const { bin } = await installedDolt()
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

afterEach(async () => {
  await Promise.all(opened.map((ledger) => ledger.close()))
  opened = []
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

const newDatabase = (...statements: string[]) => newDatabaseAt(dolt, `commons_${++databases}`, ...statements)

async function open(url: string): Promise<Ledger> {
  const ledger = await openLedger(url, { key: KEY })
  opened.push(ledger)
  return ledger
}

const schema = ({ sql }: Database) =>
  sql(`SELECT table_name, column_name, column_type, is_nullable, column_default, column_key
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`)

const log = ({ sql }: Database) => sql('SELECT * FROM dolt_log ORDER BY commit_order')

async function refusal(url: string): Promise<string> {
  const error = await open(url).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return (error as Error).message.replaceAll(String(dolt.port), '<port>').replaceAll(/commons_\d+/g, 'commons_n')
}

describe('an empty database', () => {
  it('is filled with every column of the union, in one Dolt commit of ours', async () => {
    const database = await newDatabase()
    const ledger = await open(database.url)
    expect(ledger.prepared).toMatchObject({ created: true, missing: [] })
    const columns: Record<string, string[][]> = {}
    for (const row of await database.sql(`SELECT table_name AS t, column_name AS c, column_type AS y
      FROM information_schema.columns WHERE table_schema = DATABASE()`))
      (columns[row['t']] ??= []).push([row['c'], row['y']])
    const named = (tables: Record<string, readonly (readonly string[])[]>) =>
      Object.fromEntries(
        Object.entries(tables).map(([table, all]) => [table, all.map(([name, type]) => `${name} ${type}`).toSorted()]),
      )
    expect(named(columns)).toEqual(named(UNION as Record<string, readonly (readonly string[])[]>))
    const commits = await log(database)
    expect(
      commits.map((commit) => [commit['author'] ?? commit['committer'], unsigned(commit['message'])]).slice(1),
    ).toEqual([['wasteland-bridge', 'Create the commons (protocol 1.2)']])
    expect(await database.sql('SELECT * FROM dolt_status')).toEqual([])
  })

  it('has the indexes that reading by rig and by item needs, and the protocol’s version', async () => {
    const database = await newDatabase()
    await open(database.url)
    const indexes = await database.sql(`SELECT table_name AS t, column_name AS c FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' AND non_unique = 1`)
    expect(indexes.map((row) => `${row['t']}.${row['c']}`).toSorted()).toEqual(INDEXES)
    expect(await database.sql("SELECT value FROM _meta WHERE `key` = 'schema_version'")).toEqual([{ value: '1.2' }])
  })

  it.each([
    ['a stamp for oneself', "INSERT INTO stamps (id, author, subject, valence) VALUES ('s', 'bob', 'bob', '{}')"],
    [
      'a stamp type of nobody’s',
      "INSERT INTO stamps (id, author, subject, valence, stamp_type) VALUES ('s', 'a', 'b', '{}', 'mine')",
    ],
    ['a link to oneself', "INSERT INTO rig_links (id, rig_a, rig_b) VALUES ('l', 'bob', 'bob')"],
    [
      'a sheet with confidence 2',
      "INSERT INTO boot_blocks VALUES ('bob', 'github', '{}', 2, '1', '2026-01-01 00:00:00')",
    ],
    ['a second link of a pair', "INSERT INTO rig_links (id, rig_a, rig_b) VALUES ('1', 'a', 'b'), ('2', 'a', 'b')"],
  ])('then refuses %s', async (_, statement) => {
    const database = await newDatabase()
    await open(database.url)
    await expect(database.sql(statement)).rejects.toThrow(/constraint|duplicate/i)
  })

  it.each([1, 2, 3, 4, 5])('that another replica fills after our query %i is taken as it is', async (last) => {
    const database = await newDatabase()
    const { sql, sever } = openCommons(ledgerAddress(database.url), 1)
    let queries = 0
    const meanwhile: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (++queries === last) await open(database.url)
        return result
      },
    }
    try {
      const address = ledgerAddress(database.url)
      const found = await prepareCommons(sql.withPlugin(meanwhile), address.database, createCommitSigner(KEY))
      expect(queries).toBeGreaterThanOrEqual(last)
      expect(found.missing).toEqual([])
    } finally {
      sever()
    }
    expect((await log(database)).filter(({ message }) => message.startsWith('Create the commons'))).toHaveLength(1)
  })

  it('is not filled twice, nor committed to again', async () => {
    const database = await newDatabase()
    await open(database.url)
    const before = [await schema(database), await log(database)]
    expect((await open(database.url)).prepared).toMatchObject({ created: false, missing: [] })
    expect([await schema(database), await log(database)]).toEqual(before)
  })

  const statements = readFileSync(new URL('../../schema/commons.sql', import.meta.url), 'utf8')
    .replaceAll(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .filter((statement) => statement.trim() !== '')
  it.each([1, 5, statements.length])('left with %i tables by a killed start is finished by the next', async (made) => {
    const database = await newDatabase(...statements.slice(0, made))
    expect((await open(database.url)).prepared).toMatchObject({ created: true, missing: [] })
    expect((await log(database)).slice(1)).toHaveLength(1)
    expect(await database.sql('SELECT * FROM dolt_status')).toEqual([])
    const whole = await newDatabase()
    await open(whole.url)
    expect(await schema(database)).toEqual(await schema(whole))
  })
})

const PEERS: [string, Tables, string, string[]][] = [
  ['wl', WL, '1.2', ['stamps.stamp_type', 'stamps.pilot_cohort', 'stamps.stamp_index', ...columnsOf('leaderboard')]],
  ['gt', GT, '1.0', [...columnsOf('boot_blocks'), ...columnsOf('rig_links')]],
]

function columnsOf(table: string): string[] {
  return UNION[table]!.map(([name]) => `${table}.${name}`)
}

describe.each(PEERS)('a commons of %s', (_peer, tables, version, missing) => {
  it('is recognised, what it lacks is reported, and nothing of it is altered', async () => {
    const database = await newDatabase(...createPeer(tables, version))
    const before = [await schema(database), await log(database)]
    const { prepared } = await open(database.url)
    expect(prepared.created).toBe(false)
    expect(prepared.missing.toSorted()).toEqual(missing.toSorted())
    expect([await schema(database), await log(database)]).toEqual(before)
    expect(await database.sql('SELECT * FROM dolt_status')).toEqual([])
    expect(await database.sql("SELECT * FROM dolt_diff WHERE commit_hash = 'WORKING'")).toEqual([])
  })

  it('is recognised without its version, and with tables of its owner’s own', async () => {
    const database = await newDatabase(
      ...createPeer(tables, version),
      'DROP TABLE _meta',
      'CREATE TABLE notes (id INT PRIMARY KEY)',
      "CALL DOLT_COMMIT('-Am', 'notes')",
    )
    expect((await open(database.url)).prepared.created).toBe(false)
  })

  it('chains several stamps of one second', async () => {
    const database = await newDatabase(...createPeer(tables, version))
    const ledger = await open(database.url)
    const ids = ['s-00000000000000ff', 's-00000000000000aa', 's-0000000000000011', 's-00000000000000bb']
    for (const id of ids) {
      await ledger.transact(async (db) => {
        const stamp = { id, author: 'mia', subject: 'bob', valence: { quality: 4, reliability: 4 }, confidence: 0.7 }
        const rest = { severity: 'leaf', contextId: 'c-1', skillTags: [], message: null, hopUri: 'x' } as const
        await insertStamp(db, { ...stamp, ...rest, createdAt: '2026-11-21 10:02:03' })
        return { value: 0, commit: { author: 'mia <m@x>', subject: 'stamp', trailers: {} } }
      })
    }
    const stored = await database.sql('SELECT id, prev_stamp_hash AS prev FROM stamps')
    const previous = new Map(stored.map((row) => [row['id'], row['prev']]))
    expect(ids.map((id) => previous.get(id))).toEqual([null, ...ids.slice(0, -1).map((id) => sha256(id))])
  })
})

describe.each(PEERS)('on a commons of %s the whole program', (_peer, tables, version, missing) => {
  let world: World | undefined
  afterAll(() => world?.close())

  it('takes an item from post to stamp, and says what it cannot write', async () => {
    const database = await newDatabase(...createPeer(tables, version))
    const before = await schema(database)
    world = await startWorld({ config: { LEDGER_URL: database.url } })
    const repo = world.repository('peer')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { draft: true, body: `Wanted: ${id}` })
    await world.idle()
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    world.gh.as(OWNER).review(repo, number, { state: 'APPROVE', body: '/wl stamp quality=4 skills=go' })
    await world.idle()
    expect((await history(world, id)).map((line) => line.split(':')[0])).toEqual([
      'wl post',
      'wl claim',
      'wl done',
      'wl accept',
    ])
    const [row] = await database.sql(`SELECT w.status, c.validated_by, s.valence, s.context_id = c.id AS linked
      FROM wanted w JOIN completions c ON c.wanted_id = w.id JOIN stamps s ON s.id = c.stamp_id`)
    expect(row).toEqual({
      status: 'completed',
      validated_by: OWNER,
      valence: { quality: 4, reliability: 4 },
      linked: 1,
    })
    expect(await schema(database)).toEqual(before)
    expect(world.log.filter((line) => line.includes('this commons lacks columns')).join()).toContain(missing[0])
  })
})

describe('what is refused, in a sentence', () => {
  it('a database of something else, whose tables stay as they are', async () => {
    const database = await newDatabase('CREATE TABLE users (id INT PRIMARY KEY)', "CALL DOLT_COMMIT('-Am', 'users')")
    expect(await refusal(database.url)).toMatchInlineSnapshot(
      `"The database "commons_n" is not a wasteland: it lacks rigs.handle, rigs.display_name, rigs.hop_uri, rigs.trust_level and more. Name a commons of wl or gt in LEDGER_URL, or an empty database, and it will be filled."`,
    )
    expect(await database.sql('SHOW TABLES')).toHaveLength(1)
  })

  it('a database of something else that was never committed', async () => {
    const database = await newDatabase('CREATE TABLE users (id INT PRIMARY KEY)')
    expect(await refusal(database.url)).toContain('is not a wasteland')
    expect(await database.sql('SHOW TABLES')).toHaveLength(1)
  })

  it('a table of the protocol’s name with other columns', async () => {
    const database = await newDatabase(...createPeer(WL, '1.2'), 'ALTER TABLE wanted DROP COLUMN claimed_by')
    expect(await refusal(database.url)).toContain('it lacks wanted.claimed_by.')
  })

  it('a newer major version', async () => {
    const database = await newDatabase(...createPeer(WL, '2.0'))
    expect(await refusal(database.url)).toMatchInlineSnapshot(
      `"The commons "commons_n" has schema 2.0, this program knows 1.2. Use a newer wasteland-bridge."`,
    )
  })

  it('a newer minor version is none of it', async () => {
    const database = await newDatabase(...createPeer(WL, '1.9'))
    await open(database.url)
  })

  it('uncommitted changes, which stay as they are', async () => {
    const database = await newDatabase(...createPeer(WL, '1.2'), "INSERT INTO rigs (handle) VALUES ('eve')")
    expect(await refusal(database.url)).toMatchInlineSnapshot(
      `"The commons "commons_n" has uncommitted changes in rigs; they would be committed under the next author's name. Commit them (dolt commit -Am "…") or drop them (dolt reset --hard), then start again."`,
    )
    expect(await database.sql('SELECT table_name FROM dolt_status')).toEqual([{ table_name: 'rigs' }])
  })

  it.each([
    ['no address', 'commons'],
    ['an address of another kind', 'postgres://root@localhost/commons'],
    ['no database', 'mysql://root@localhost:3306'],
    ['a broken escape', 'mysql://root:%zz@localhost/commons'],
  ])('a LEDGER_URL with %s', async (_, url) => {
    expect(await refusal(url)).toContain('Expected mysql://user:password@host:3306/commons.')
  })

  it('a LEDGER_URL with the name of no database, or a wrong password', async () => {
    expect(await refusal(dolt.url('nothing'))).toMatchInlineSnapshot(
      `"The Dolt server 127.0.0.1:<port> has no database "nothing". Create it there (CREATE DATABASE), or correct LEDGER_URL."`,
    )
    const url = new URL(dolt.url('commons'))
    url.password = 'wrong'
    expect(await refusal(url.href)).toMatchInlineSnapshot(
      `"The Dolt server 127.0.0.1:<port> does not let the user "root" of LEDGER_URL in. Correct the user or the password."`,
    )
  })

  it('a server that is no Dolt (a fake one: as MySQL it does not know AS OF)', async () => {
    const fake = await startFakeMysql((text) =>
      text.includes('AS OF') ? { code: 1064, message: 'You have an error in your SQL syntax' } : undefined,
    )
    expect(await refusal(`mysql://root@127.0.0.1:${fake.port}/x`)).toContain('does not speak Dolt')
    fake.close()
  })

  it.each(['mysql://root@127.0.0.1:1/commons', 'mysql://root@host.invalid/commons'])(
    'a server that cannot be reached is none of it: it may come yet (%s)',
    async (url) => {
      await expect(open(url)).rejects.toBeInstanceOf(Unavailable)
    },
  )
})
