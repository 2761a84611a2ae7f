import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { createCommitSigner } from '../../src/ledger/engine/signature.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { openProfileStore } from '../../src/ledger/profiles/profile-store.ts'
import { adoptEntry, entriesOf, saveEntry } from '../../src/ledger/tables/bounties.ts'
import { UPGRADE_BRANCH } from '../../src/ledger/tables/upgrade.ts'
import { stampsOf } from '../../src/ledger/tables/sheet.ts'
import { bringUpToDate } from '../../src/ledger/bring-up-to-date.ts'
import { charsheet, LEADERBOARD, SCOREBOARD, SKILLS, trust, VALIDATED } from '../contract/peer-readers.ts'
import { startTap } from '../crash/tap.ts'
import { silent } from '../ops/fake-server.ts'
import { type Database, databaseAt, newDatabaseAt } from './databases.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { KEY, unsigned } from './key.ts'
import { createPeer, GT, WL } from './peer-schemas.ts'
import { sheetOf } from './pile-sheets.ts'
import { fill, item, stamp, subject } from './stamping.ts'
import { prepareServer } from '../prepared-stores.ts'

let home: string
let dolt: EmbeddedDolt
let databases = 0
let opened: Ledger[] = []
let warned: [object, string][] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'upgrade-'))
  const { bin } = await installedDolt()
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

afterEach(async () => {
  await Promise.all(opened.map((ledger) => ledger.close()))
  opened = []
  warned = []
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

const at = (name: string) => databaseAt(dolt, name)
const newDatabase = (...statements: string[]) => newDatabaseAt(dolt, `old_${++databases}`, ...statements)

async function open(url: string, key = KEY): Promise<Ledger> {
  const log = { warn: (fields: object, message: string) => void warned.push([fields, message]) }
  const ledger = await openLedger(url, { key, log })
  opened.push(ledger)
  return ledger
}

/** What an older version of ours had not yet. */
const OLDER = [
  'ALTER TABLE stamps DROP COLUMN pilot_cohort',
  'ALTER TABLE stamps DROP COLUMN stamp_index',
  'DROP INDEX stamps_subject ON stamps',
  'ALTER TABLE wanted DROP COLUMN sandbox_required',
  'DROP TABLE leaderboard',
  "UPDATE _meta SET value = '1.1' WHERE `key` = 'schema_version'",
]
const LACKS =
  'wanted.sandbox_required, stamps.pilot_cohort, stamps.stamp_index, index stamps_subject, leaderboard, schema_version 1.2'

/** A commons of ours as an older version left it, with four stamps: two written before a column went, two after. */
async function olderCommons(): Promise<Database> {
  const database = await newDatabase()
  const first = await openLedger(database.url, { key: KEY })
  await fill(first, 8)
  for (const n of [0, 1]) await stamp(first, n, 'mia')
  await first.close()
  await database.sql(...OLDER, "CALL DOLT_COMMIT('-Am', 'As the version before had it')")
  const second = await openLedger(database.url, { key: KEY })
  for (const n of [4, 5]) await stamp(second, n, 'mia')
  await second.close()
  return database
}

const head = async ({ sql }: Database) => (await sql("SELECT DOLT_HASHOF('main') AS hash"))[0]!['hash'] as string
const log = ({ sql }: Database) =>
  sql('SELECT commit_hash, author, author_email, message FROM dolt_log ORDER BY commit_order')
const subjects = async (database: Database) => (await log(database)).map((row) => unsigned(row['message']))
const schema = ({ sql }: Database) =>
  sql(`SELECT table_name, column_name, column_type, is_nullable, column_default, column_key
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, column_name`)
const indexes = ({ sql }: Database) =>
  sql(`SELECT table_name, index_name, column_name, non_unique FROM information_schema.statistics
    WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`)
/** What `wl` and `gt` ask of a board. */
const peersRead = ({ sql }: Database) =>
  Promise.all([LEADERBOARD, SCOREBOARD, SKILLS, VALIDATED, ...Object.values(trust('bob'))].map((text) => sql(text)))
const rows = ({ sql }: Database) =>
  Promise.all(['rigs', 'wanted', 'completions', 'stamps'].map((table) => sql(`SELECT * FROM ${table}`)))

async function expectClean({ sql }: Database) {
  expect(await sql('SELECT * FROM dolt_status')).toEqual([])
  expect(await sql('SELECT name FROM dolt_branches')).toEqual([{ name: 'main' }])
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return (error as Error).message.replaceAll(/old_\d+/g, 'old_n')
}

describe('a commons that this bridge created, of an older schema', () => {
  it('gets all that a new one has, in one signed commit; its rows and signatures stay', async () => {
    const database = await olderCommons()
    const before = { rows: await rows(database), log: await log(database), read: await peersRead(database) }
    expect(before.read[1]).toHaveLength(2)
    const ledger = await open(database.url)
    const believed = (await ledger.commitsSince(undefined)).commits.map(({ hash }) => hash)
    expect(ledger.prepared.missing).toContain('stamps.stamp_index')
    expect((await ledger.upgrade()).map(({ name }) => name).join(', ')).toBe(LACKS)

    const made = (await log(database)).slice(before.log.length)
    expect(made.map((row) => [row['author'], unsigned(row['message'])])).toEqual([
      ['wasteland-bridge', `Upgrade schema: ${LACKS}`],
    ])
    expect(
      createCommitSigner(KEY).verify(made[0]!['message'], `${made[0]!['author']} <${made[0]!['author_email']}>`),
    ).toBeGreaterThan(0)
    expect((await log(database)).slice(0, before.log.length)).toEqual(before.log)
    const whole = await newDatabase()
    await open(whole.url)
    expect(await schema(database)).toEqual(await schema(whole))
    expect(await indexes(database)).toEqual(await indexes(whole))
    expect(await database.sql('SELECT * FROM _meta ORDER BY `key`')).toEqual(
      await whole.sql('SELECT * FROM _meta ORDER BY `key`'),
    )
    for (const [n, table] of (await rows(database)).entries()) expect(table).toMatchObject(before.rows[n]!)
    expect(await peersRead(database)).toEqual(before.read)
    expect((await database.sql(charsheet('bob'))).map((row) => row['stamp_index'])).toEqual([-1, -1])
    const { commits } = await ledger.commitsSince(undefined)
    expect(commits.map(({ hash }) => hash)).toEqual([...believed, made[0]!['commit_hash']])
    await expectClean(database)
  })

  it('is written to whole at once, by the ledger that is open', async () => {
    const database = await olderCommons()
    const ledger = await open(database.url)
    await ledger.upgrade()
    expect(ledger.prepared).toMatchObject({ missing: [], changes: [], version: '1.2' })
    await stamp(ledger, 2, 'mia')
    await stamp(ledger, 6, 'mia')
    expect(await database.sql('SELECT id, stamp_type FROM stamps WHERE stamp_index IS NOT NULL ORDER BY id')).toEqual(
      [2, 6].map((n) => ({ id: `s-mia-${n}`, stamp_type: 'work' })),
    )
    const of = (await ledger.read((db) => stampsOf(db, subject(2)))).map(({ id }) => id)
    expect(of.toSorted()).toEqual(['s-mia-2', 's-mia-6'])
    expect(warned).toEqual([])
  })

  it('is left alone from then on', async () => {
    const database = await olderCommons()
    await (await open(database.url)).upgrade()
    const before = [await head(database), await schema(database)]
    const again = await open(database.url)
    expect(again.prepared.changes).toEqual([])
    expect(await again.upgrade()).toEqual([])
    expect([await head(database), await schema(database)]).toEqual(before)
  })

  it('and from before commits were signed, is vouched for first: its history counts as it did', async () => {
    const database = await olderCommons()
    const messages = (await log(database)).slice(1).map((row) => unsigned(row['message']))
    const [{ commit_hash: first } = {}] = await log(database)
    await database.sql(`CALL DOLT_RESET('--soft', '${first}')`)
    for (const [n, text] of messages.entries())
      await database.sql(`CALL DOLT_COMMIT('-Am', '${text}', '${n === 0 ? '--skip-empty' : '--allow-empty'}')`)
    const ledger = await open(database.url)
    await ledger.upgrade()
    expect((await subjects(database)).slice(-2).map((text) => text.split(/[:\n]/)[0])).toEqual([
      'Vouch for the history so far',
      'Upgrade schema',
    ])
    const { commits } = await ledger.commitsSince(undefined)
    expect(commits.map(({ message }) => unsigned(message))).toEqual(expect.arrayContaining(messages))
  })

  it('has entries of open bounties on branches of the schema of then, which are read, written to and adopted', async () => {
    const database = await newDatabase()
    await (await open(database.url)).close()
    opened = []
    await database.sql(
      'ALTER TABLE completions DROP COLUMN hop_uri',
      'ALTER TABLE completions DROP COLUMN parent_completion_id',
      "CALL DOLT_COMMIT('-Am', 'As the version before had it')",
    )
    const ledger = await open(database.url)
    const entry = (n: number, text: string) => ({
      id: `c-000000000000000${n}`,
      wantedId: item(n),
      completedBy: 'bob',
      evidence: `https://example.org/${text}`,
      parentId: null,
      completedAt: '2026-11-21 10:02:03',
      hopUri: 'x',
    })
    const save = (n: number, text: string) =>
      ledger.transact(async (db) => {
        const { branch } = await saveEntry(db, entry(n, text))
        return { value: 0, commit: { author: 'bob <b@x>', subject: `wl done: ${item(n)}`, trailers: {}, branch } }
      })
    for (const n of [1, 2]) await save(n, 'first')
    expect((await ledger.upgrade()).map(({ name }) => name)).toContain('completions.hop_uri')
    await save(2, 'second')
    await save(3, 'third')
    const found = await ledger.read((db) => entriesOf(db))
    expect(found.map(({ evidence }) => evidence)).toEqual(
      ['first', 'second', 'third'].map((x) => `https://example.org/${x}`),
    )
    for (const n of [1, 2, 3]) {
      const { value } = await ledger.transact(async (db) => ({
        value: await adoptEntry(db, found[n - 1]!),
        commit: { author: 'mia <m@x>', subject: `wl accept: ${item(n)}`, trailers: {} },
      }))
      expect(value).toBe(true)
    }
    expect(await database.sql('SELECT id, hop_uri FROM completions ORDER BY id')).toEqual(
      [1, 2, 3].map((n) => ({ id: entry(n, '').id, hop_uri: n === 3 ? expect.any(String) : null })),
    )
  })

  it('keeps what a peer commits while it is upgraded', async () => {
    const database = await olderCommons()
    let peers = 0
    const between = await startBetween(async (text) => {
      if (text.includes('DOLT_MERGE') && ++peers < 3)
        await database.sql(
          `INSERT INTO rigs (handle) VALUES ('eve${peers}')`,
          `CALL DOLT_COMMIT('-Am', 'Register rig: eve${peers}', '--author', 'root <root@localhost>')`,
        )
    })
    const ledger = await open(between.through(database.url))
    await ledger.upgrade()
    expect(peers).toBe(3)
    expect((await subjects(database)).slice(-3)).toEqual([
      'Register rig: eve1',
      'Register rig: eve2',
      `Upgrade schema: ${LACKS}`,
    ])
    expect(await database.sql("SELECT handle FROM rigs WHERE handle LIKE 'eve%'")).toHaveLength(2)
    await expectClean(database)
    await ledger.close()
    opened = []
    between.close()
  })

  it('is upgraded once by two replicas that start at the same time, and both write to it whole', async () => {
    const database = await olderCommons()
    const replicas = await Promise.all([open(database.url), open(database.url)])
    const added = await Promise.all(replicas.map((ledger) => ledger.upgrade()))
    expect(added.filter(({ length }) => length > 0)).toHaveLength(1)
    expect((await subjects(database)).filter((text) => text.startsWith('Upgrade'))).toHaveLength(1)
    for (const [n, ledger] of replicas.entries()) {
      expect(ledger.prepared.missing).toEqual([])
      await stamp(ledger, 2 + n, 'mia')
    }
    expect(await database.sql('SELECT id FROM stamps WHERE stamp_index IS NOT NULL')).toHaveLength(2)
    await expectClean(database)
  })

  it('killed at any statement, before or after it is run, has all of the upgrade or nothing', async () => {
    const seen = new Set<string>()
    for (const when of ['before', 'after'] as const) {
      const database = await olderCommons()
      const before = await head(database)
      const tap = await startTap(dolt.port)
      for (let n = 1; ; n++) {
        const ledger = await openLedger(tap.through(database.url), { key: KEY })
        let struck = false
        // The read at the end, of the ledger and not of the upgrade, is no part of it.
        tap.at(n, when, () => {
          struck = true
          tap.mend()
        })
        const ended = await ledger.upgrade().then(
          () => 'done',
          () => 'cut',
        )
        tap.at(Number.POSITIVE_INFINITY, when, () => {})
        await ledger.close()
        expect(await database.sql('SELECT * FROM dolt_status')).toEqual([])
        const upgraded = (await head(database)) !== before
        const missing = (await openAndClose(database.url)).missing
        expect(missing.length === 0).toBe(upgraded)
        seen.add(upgraded ? 'all' : 'nothing')
        if (!struck || upgraded) {
          expect(ended === 'done' || upgraded).toBe(true)
          break
        }
        expect(n).toBeLessThan(80)
      }
      await tap.close()
      const last = await open(database.url)
      await last.upgrade()
      expect((await subjects(database)).filter((text) => text.startsWith('Upgrade'))).toHaveLength(1)
    }
    expect([...seen].toSorted()).toEqual(['all', 'nothing'])
  }, 240_000)

  it.each([
    ['is empty', []],
    ['has half of it', ['ALTER TABLE stamps ADD COLUMN pilot_cohort INT']],
    ['has another’s commit', ['CREATE TABLE x (id INT PRIMARY KEY)', "CALL DOLT_COMMIT('-Am', 'x')"]],
  ])('goes on where the branch of an upgrade that was killed %s', async (_, statements) => {
    const database = await olderCommons()
    await database.sql(`CALL DOLT_BRANCH('${UPGRADE_BRANCH}')`)
    await at(`${database.name}/${UPGRADE_BRANCH}`).sql(...statements)
    await (await open(database.url)).upgrade()
    expect((await subjects(database)).at(-1)).toBe(`Upgrade schema: ${LACKS}`)
    expect(await database.sql("SHOW TABLES LIKE 'x'")).toEqual([])
    await expectClean(database)
  })

  it('is served as it is where the user of LEDGER_URL may not change it, and the log says why', async () => {
    const database = await olderCommons()
    await database.sql(
      "CREATE USER IF NOT EXISTS 'writer'@'%' IDENTIFIED BY 'w'",
      `GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON ${database.name}.* TO 'writer'@'%'`,
    )
    const url = new URL(database.url)
    Object.assign(url, { username: 'writer', password: 'w' })
    const before = await head(database)
    const ledger = await open(url.href)
    const said: unknown[] = []
    await bringUpToDate(ledger, { warn: (line: unknown) => void said.push(line), info: () => {} } as never)
    expect(said).toEqual([
      expect.stringMatching(/^The schema of the commons "old_\d+" could not be upgraded, and is as it was: /),
    ])
    expect(await head(database)).toBe(before)
    await stamp(ledger, 2, 'mia')
    expect(await database.sql("SELECT id FROM stamps WHERE id = 's-mia-2'")).toHaveLength(1)
    await expectClean(database)
  })
})

async function openAndClose(url: string) {
  const ledger = await openLedger(url, { key: KEY })
  const { prepared } = ledger
  await ledger.close()
  return prepared
}

describe('a commons of a newer schema than this program’s', () => {
  it.each([
    ['has columns and tables more', "ALTER TABLE stamps ADD COLUMN mood VARCHAR(9) DEFAULT 'calm'"],
    ['has given a column up', 'ALTER TABLE stamps DROP COLUMN pilot_cohort'],
  ])('is left as it is and works where it %s', async (_, statement) => {
    const database = await newDatabase()
    await (await open(database.url)).close()
    opened = []
    await database.sql(
      statement,
      'CREATE TABLE moods (id INT PRIMARY KEY)',
      "UPDATE _meta SET value = '1.7' WHERE `key` = 'schema_version'",
      "CALL DOLT_COMMIT('-Am', 'Of a newer version')",
    )
    const before = await schema(database)
    const ledger = await open(database.url)
    expect(await ledger.upgrade({ told: true })).toEqual([])
    await fill(ledger, 4)
    await stamp(ledger, 0, 'mia')
    expect(await database.sql('SELECT id FROM stamps')).toHaveLength(1)
    expect(await schema(database)).toEqual(before)
    expect(await database.sql("SELECT value FROM _meta WHERE `key` = 'schema_version'")).toEqual([{ value: '1.7' }])
  })
})

const FORGED = [
  "INSERT INTO _meta VALUES ('created_by', 'wasteland-bridge')",
  "CALL DOLT_COMMIT('-Am', 'Made by the bridge, so it says')",
]

describe('a commons of somebody else’s', () => {
  it.each([
    ['of wl', createPeer(WL, '1.2')],
    ['of gt', createPeer(GT, '1.0')],
    ['that says it is ours', [...createPeer(WL, '1.0'), ...FORGED]],
  ])('%s is not changed by a start', async (_, statements) => {
    const database = await newDatabase(...statements)
    const ledger = await open(database.url)
    await ledger.vouch()
    const before = [await head(database), await schema(database), await indexes(database)]
    expect(await ledger.upgrade()).toEqual([])
    expect([await head(database), await schema(database), await indexes(database)]).toEqual(before)
    await expectClean(database)
  })

  it('which another bridge made and whose history was vouched for here is none of ours', async () => {
    const database = await olderCommons()
    const ledger = await open(database.url, Buffer.alloc(32, 9))
    await expect(ledger.upgrade()).rejects.toThrow('are signed with another key')
    await ledger.vouch({ again: true })
    const before = await head(database)
    expect(await ledger.upgrade()).toEqual([])
    expect(await head(database)).toBe(before)
  })

  it.each([
    ['wl', WL, '1.2'],
    ['gt', GT, '1.0'],
  ])('of %s is upgraded where it is told to, in one commit, and keeps its version', async (_, tables, version) => {
    const database = await newDatabase(
      ...createPeer(tables, version),
      `INSERT INTO stamps (id, author, subject, valence, severity, context_id) VALUES ('s-1', 'eve', 'bob', '{"quality": 3}', 'leaf', 'c-0000000000')`,
      "CALL DOLT_COMMIT('-Am', 'wl accept: w-1')",
    )
    const before = await database.sql('SELECT * FROM stamps')
    const ledger = await open(database.url)
    await ledger.vouch()
    const commits = await log(database)
    const added = await ledger.upgrade({ told: true })
    expect(added.map(({ name }) => name)).toContain(tables === WL ? 'stamps.stamp_type' : 'rig_links')
    expect((await subjects(database)).slice(commits.length)).toEqual([expect.stringMatching(/^Upgrade schema: /)])
    const whole = await newDatabase()
    await open(whole.url)
    expect((await schema(database)).map((row) => [row['table_name'], row['column_name']])).toEqual(
      (await schema(whole)).map((row) => [row['table_name'], row['column_name']]),
    )
    expect(await database.sql('SELECT * FROM stamps')).toMatchObject(before)
    expect(await database.sql('SELECT `key`, value FROM _meta')).toEqual([{ key: 'schema_version', value: version }])
    const bad = `INSERT INTO stamps (id, author, subject, valence, stamp_type) VALUES ('s', 'a', 'b', '{}', 'mine')`
    if (tables === WL) await expect(database.sql(bad)).rejects.toThrow(/constraint/i)
    await fill(ledger, 1)
    await stamp(ledger, 0, 'mia')
    const [written] = await database.sql("SELECT stamp_type, stamp_index FROM stamps WHERE id = 's-mia-0'")
    expect(written).toMatchObject({ stamp_type: 'work', stamp_index: 1 })
    await expectClean(database)
  })

  it('says once of each column that a value of it was not written, and which', async () => {
    const database = await newDatabase(...createPeer(WL, '1.2'))
    const ledger = await open(database.url)
    await fill(ledger, 2)
    for (const n of [0, 1]) await stamp(ledger, n, 'mia')
    expect(warned).toEqual(
      ['stamps.stamp_type', 'stamps.stamp_index'].map((column) => [
        { column },
        'a value is not written, as this commons lacks its column; wasteland-bridge init --upgrade adds it',
      ]),
    )
    expect(ledger.dropped()).toEqual(['stamps.stamp_type', 'stamps.stamp_index'])
  })

  it('is not upgraded while another bridge writes, with uncommitted changes, or on a branch', async () => {
    const database = await newDatabase(...createPeer(WL, '1.2'), "CALL DOLT_BRANCH('side')")
    const ledger = await open(database.url)
    await ledger.vouch()
    const before = await head(database)
    const other = await mysql.createConnection(database.url)
    await other.query(`SELECT GET_LOCK('wasteland-bridge/${database.name}', 1)`)
    const writing = other.query('SELECT SLEEP(12)').catch(() => {})
    expect(await refusal(ledger.upgrade({ told: true }))).toMatchInlineSnapshot(
      `"The commons "old_n" was not upgraded: another process is writing to the ledger. Stop the other bridge, or try again when it has nothing to write."`,
    )
    await writing
    await other.end()
    await database.sql("INSERT INTO rigs (handle) VALUES ('eve')")
    expect(await refusal(ledger.upgrade({ told: true }))).toContain('has uncommitted changes in rigs')
    await database.sql("CALL DOLT_RESET('--hard')")
    const side = await open(at(`${database.name}/side`).url)
    expect(await refusal(side.upgrade({ told: true }))).toMatchInlineSnapshot(
      `"LEDGER_URL names the branch "side" of the commons. A schema is upgraded on the branch "main", which the others then merge: name old_n alone in LEDGER_URL."`,
    )
    expect(await head(database)).toBe(before)
    const main = await open(at(`${database.name}/main`).url)
    expect((await main.upgrade({ told: true })).length).toBeGreaterThan(0)
    expect(await head(database)).not.toBe(before)
  }, 60_000)
})

describe('the database of imported profiles', () => {
  it('of ours gets what it lacks, in one commit, whether or not a start was killed in between', async () => {
    const database = await newDatabase()
    const first = await openProfileStore(database.url)
    await first.write([sheetOf(7, { login: 'Ada' })], async () => false)
    await first.close()
    const whole = [await schema(database), await indexes(database), await rowsOfPile(database)]
    await database.sql(
      'ALTER TABLE rigs DROP COLUMN gt_version',
      'DROP INDEX stamps_subject ON stamps',
      "CALL DOLT_COMMIT('-Am', 'As the version before had it')",
      'ALTER TABLE stamps DROP COLUMN pilot_cohort',
    )
    await (await openProfileStore(database.url)).close()
    expect([await schema(database), await indexes(database), await rowsOfPile(database)]).toEqual(whole)
    expect((await subjects(database)).at(-1)).toBe(
      'Upgrade schema: rigs.gt_version, stamps.pilot_cohort, index stamps_subject',
    )
    const before = await head(database)
    await (await openProfileStore(database.url)).close()
    expect(await head(database)).toBe(before)
  })

  it('that somebody else made keeps its columns', async () => {
    const { boot_blocks, rigs } = WL
    const database = await newDatabase(
      ...createPeer({ _meta: WL['_meta']!, stamps: WL['stamps']!, boot_blocks: boot_blocks!, rigs: rigs! }, '1.2'),
    )
    for (let n = 0; n < 2; n++) await (await openProfileStore(database.url)).close()
    expect(await database.sql("SHOW COLUMNS FROM stamps LIKE 'stamp_type'")).toEqual([])
    expect(await database.sql("SELECT * FROM _meta WHERE `key` = 'created_by'")).toEqual([])
  })
})

const rowsOfPile = async ({ sql }: Database) => [
  await sql('SELECT handle, source, CAST(sheet_json AS CHAR) FROM boot_blocks'),
  await sql('SELECT handle, display_name, gt_version FROM rigs ORDER BY handle'),
]

/** Waits before it passes a statement on. */
async function startBetween(before: (text: string) => Promise<void>) {
  const server = createServer((client) => {
    const store = connect({ port: dolt.port, host: '127.0.0.1' })
    let line: Promise<void> = Promise.resolve()
    client.on('data', (chunk: Buffer) => {
      line = line.then(() => before(chunk.toString('latin1'))).then(() => void store.write(chunk))
    })
    store.pipe(client)
    for (const [one, other] of [
      [client, store],
      [store, client],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    through: (url: string) => Object.assign(new URL(url), { port: String(port) }).href,
    close: () => void server.close(),
  }
}
