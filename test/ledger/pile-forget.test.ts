import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql, { type Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { IMPORTER } from '../../src/domain/character-sheet.ts'
import { Unavailable } from '../../src/domain/errors.ts'
import { storedFiles } from '../../src/ledger/profiles/chunk-files.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openProfileStore, type ProfileStore } from '../../src/ledger/profiles/profile-store.ts'
import { marksOf, mentions } from '../../src/ledger/profiles/erasure-marks.ts'
import { doubtsByFiles, doubtsBySql } from '../../src/ledger/profiles/erasure-proof.ts'
import { ledgerAddress } from '../../src/ledger/connect.ts'
import { connected } from '../../src/ledger/profiles/prepare.ts'
import { silent, until } from '../ops/fake-server.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { sheetOf } from './pile-sheets.ts'
import { prepareServer } from '../prepared-stores.ts'

type Row = Record<string, string>

let home: string
let dir: string
let bin: string
let dolt: EmbeddedDolt
let name: string
let url: string
let profiles: ProfileStore
let canary: string
let opened: Connection[] = []
let databases = 0

const everybody = async () => false
const PERSON = { host: 'github', id: 424_242 }

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'forget-'))
  dir = join(home, 'dolt')
  ;({ bin } = await installedDolt())
  await prepareServer('dolt', dir)
  dolt = await startEmbeddedDolt({ dir, bin, log: silent })
}, FETCHING_MS)

beforeEach(async () => {
  canary = `canary${randomBytes(8).toString('hex')}`
  name = `forget_${++databases}`
  url = dolt.url(name)
  profiles = await openProfileStore(url, dir)
})

afterEach(async () => {
  await profiles?.close()
  for (const connection of opened) connection.destroy()
  opened = []
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

async function connect(to = url): Promise<Connection> {
  const connection = await mysql.createConnection({ uri: to })
  connection.on('error', () => {})
  opened.push(connection)
  return connection
}

async function rows(text: string): Promise<Row[]> {
  const [found] = await (await connect()).query(text)
  return found as Row[]
}

/** Someone with the canary in every text, among others. */
const marked = () =>
  sheetOf(PERSON.id, {
    login: `z-${canary}`, // sorts last, where a histogram has its bound,
    name: `${canary} name`,
    bio: `${canary} bio`,
    location: `${canary} town`,
    evidence: `${canary} evidence`,
    skills: [`${canary}-skill`, 'rust'],
  })

/** One whose few words leave room for the keys of the sheet among the marks. */
function sparse(of: { name?: string; bio?: string } = {}) {
  const sheet = sheetOf(PERSON.id, {
    login: `z-${canary}`,
    name: `${canary} name`,
    bio: `${canary} bio`,
    location: `${canary} town`,
    evidence: `${canary} evidence`,
    skills: [`${canary}-skill`],
    ...of,
  })
  const source = { ...sheet.json.source, fetched_at: new Date().toISOString() }
  return { ...sheet, json: { ...sheet.json, source, evidence: [] } }
}

const others = () => [1, 2, 3].map((id) => sheetOf(id))

/** Files of this pile, or of the statistics, that have the canary: unpacked, and as they are. */
function filesWithCanary(): string[] {
  const found: string[] = []
  const ofPile = (path: string) =>
    path.startsWith(`data/${name}/`) || path.includes('/stats/') || !path.includes('data/')
  for (const file of storedFiles(dir, ofPile)) {
    if ('unreadable' in file) found.push(`${file.path}: ${file.unreadable}`)
    else if ([...file.parts()].some((part) => part.includes(canary))) found.push(file.path)
  }
  return found
}

const reading = (connection: Connection, from = 'rigs') => connection.query(`SELECT handle FROM ${from}`)

async function historyBefore(): Promise<string[]> {
  return (await rows('SELECT commit_hash AS hash FROM dolt_log')).map((row) => row['hash']!)
}

async function isFound(hash: string): Promise<boolean> {
  return rows(`SELECT handle FROM rigs AS OF '${hash}' WHERE handle LIKE 'z-canary%'`).then(
    (found) => found.length > 0,
    () => false,
  )
}

async function expectForgotten(former: string[]) {
  expect(filesWithCanary()).toEqual([])
  for (const hash of former) expect(await isFound(hash)).toBe(false)
  expect(await rows('SELECT message FROM dolt_log')).toEqual([{ message: 'Imported character sheets' }])
  expect(await profiles.read(PERSON)).toBeUndefined()
  expect((await rows('SELECT handle FROM rigs ORDER BY handle')).map((row) => row['handle'])).toEqual([
    'person1',
    'person2',
    'person3',
    IMPORTER,
  ])
  expect(await profiles.read('person2')).toMatchObject({ json: { source: { github_id: 2 } } })
}

/** The person written and changed, so that there is history, and each commit is looked up. */
async function writeHistory(): Promise<string[]> {
  await profiles.write([...others(), marked()], everybody)
  await profiles.write([{ ...marked(), hash: 'changed', confidence: 0.5 }], everybody)
  const former = await historyBefore()
  expect(filesWithCanary().length).toBeGreaterThan(0)
  expect(await isFound(former[0]!)).toBe(true)
  return former
}

describe('forgetting', () => {
  it('leaves nothing of the person in rows, history and files, and others as they were', async () => {
    const former = await writeHistory()
    const proof = await profiles.erase(PERSON)
    expect(proof).toMatchObject({ remotes: [] })
    expect(proof.commits).toBeGreaterThanOrEqual(former.length)
    expect(proof.files).toBeGreaterThan(3)
    await expectForgotten(former)
  })

  it('reaches archives, branches, tags, stashes, statistics and the log of the server', async () => {
    const former = await writeHistory()
    const peer = await connect()
    await peer.query("CALL DOLT_GC('--archive-level', '1')")
    const at = await connect()
    await at.query("CALL DOLT_BRANCH('side', 'HEAD~1')")
    await at.query("CALL DOLT_TAG('v1', 'HEAD~1')")
    await at.query("UPDATE rigs SET display_name = 'stashed' WHERE handle LIKE 'z-canary%'")
    await at.query("CALL DOLT_STASH('push', 'mine')")
    await at.query('CALL DOLT_STATS_ONCE()')
    await at.query(`SELECT JSON_EXTRACT('z-${canary}', '$.a')`).catch(() => {})
    const found = filesWithCanary()
    for (const what of ['.darc', '/stats/', 'server.log']) expect(found.join()).toContain(what)
    await profiles.erase(PERSON)
    await expectForgotten(former)
    expect(await rows('SELECT name FROM dolt_branches')).toEqual([{ name: 'main' }])
  })

  it.each([
    ['idle', 'pile', async (other: Connection) => void (await reading(other))],
    [
      'in a transaction',
      'pile',
      async (other: Connection) => {
        await other.query('START TRANSACTION')
        await reading(other)
      },
    ],
    [
      'in another database',
      'commons',
      async (other: Connection) => {
        await other.query('START TRANSACTION')
        await reading(other, `${name}.rigs`)
      },
    ],
  ])('holds though another connection has read it before: %s', async (_, database, read) => {
    const former = await writeHistory()
    const other = await connect(database === 'pile' ? url : dolt.url(database))
    await read(other)
    await profiles.erase(PERSON)
    await expectForgotten(former)
  })

  it('of somebody unknown is fine, and again costs no new commit', async () => {
    await profiles.write(others(), everybody)
    await profiles.erase(PERSON)
    const after = await historyBefore()
    await profiles.erase(PERSON)
    await profiles.erase({ host: 'ghes.example', id: 1 })
    expect(await historyBefore()).toEqual(after)
    expect(await profiles.read('person1')).toBeDefined()
  })

  it('is proven at once where a sheet that says little is the only one, fetched in this hour', async () => {
    const sheet = sparse()
    await profiles.write([sheet], everybody)
    // Dolt logs with the time of now what it refuses.
    await rows('SELECT nothing FROM nowhere').catch(() => {})
    await profiles.erase(PERSON)
    expect(filesWithCanary()).toEqual([])
  })

  it.each([
    ['the schema has', 'display_name', 'stamps_subject', 'confidence'],
    ['the bridge’s own rows and commits have', 'system-github-importer', 'Imported character sheets', 'schema_version'],
  ])('is proven where a person is named as %s', async (_, login, name, bio) => {
    await profiles.write([{ ...sparse({ name, bio }), login: `${login}-2` }], everybody)
    await profiles.erase(PERSON)
    expect(await profiles.read(PERSON)).toBeUndefined()
  })

  it('takes each word of a sheet for a mark, but for those of a store without anybody, and the time of the fetch', async () => {
    const sheet = sparse()
    await profiles.write([sheet], everybody)
    const marks = await connected(ledgerAddress(url), (db) => marksOf(db, PERSON))
    for (const word of [
      `z-${canary}`,
      `${canary} name`,
      `${canary} bio`,
      `${canary} town`,
      `${canary} evidence`,
      `z-${canary}/tool`,
      `//github.com/z-${canary}`,
      `${canary}-skill`,
      sheet.hash,
      'notable',
      'expert',
    ])
      expect(marks.filter((mark) => mark.includes(word))).not.toEqual([])
    expect(marks).not.toContain('display_name')
    expect(marks.filter((mark) => sheet.json.source.fetched_at.includes(mark))).toEqual([])
    // By these words alone, without the person's id.
    const someone = { host: 'github', id: 1 }
    for (const mark of marks.filter((one) => one.includes(canary)))
      expect((await doubtsByFiles(dir, name, mentions(someone, [mark]))).doubts).not.toEqual([])
  })

  it('of one with a common name leaves others of that name', async () => {
    const loginOfAnother = (id: number) => sheetOf(id, { name: 'Alexandra Smith', bio: 'same words here' })
    await profiles.write([loginOfAnother(1), loginOfAnother(2)], everybody)
    await profiles.erase({ host: 'github', id: 1 })
    expect(await profiles.read('person2')).toMatchObject({ displayName: 'Alexandra Smith' })
    expect(await profiles.read('person1')).toBeUndefined()
  })

  it('wins over writes of the same person that are under way', async () => {
    const former = await writeHistory()
    let optedOut = false
    const refused = async (_: string, id: number) => optedOut && id === PERSON.id
    const before = profiles.write([{ ...marked(), hash: 'once more' }], refused)
    optedOut = true
    const proof = profiles.erase(PERSON)
    const after = profiles.write([marked(), sheetOf(3)], refused)
    await Promise.all([before, proof])
    expect((await after).refused).toHaveLength(1)
    expect(filesWithCanary()).toEqual([])
    for (const hash of former) expect(await isFound(hash)).toBe(false)
  })

  it('waits for the writer of another process, and holds off writers meanwhile', async () => {
    await writeHistory()
    const peer = await connect(dolt.url('commons'))
    await peer.query(`SELECT GET_LOCK('wasteland-bridge/${name}', 1)`)
    let done = false
    const proof = profiles.erase(PERSON).finally(() => (done = true))
    await until(async () => {
      const [found] = await peer.query('SHOW PROCESSLIST')
      return (found as Row[]).some((row) => String(row['Info']).includes('GET_LOCK'))
    })
    expect([done, filesWithCanary().length > 0]).toEqual([false, true])
    await peer.query(`SELECT RELEASE_LOCK('wasteland-bridge/${name}')`)
    await proof
    expect(filesWithCanary()).toEqual([])
  })

  it('is waited for by those who read, also by one of two in a row, and waits for those who read already', async () => {
    let over = false
    const both = Promise.all([profiles.erase(PERSON), profiles.erase({ host: 'github', id: 1 })]).finally(
      () => (over = true),
    )
    const reader = async () => {
      while (!over) await profiles.read(PERSON)
    }
    await Promise.all([both, ...Array.from({ length: 4 }, reader)])
  })
})

describe('a forgetting that was cut off', () => {
  it.each([30, 120, 240])('by a kill of Dolt after %i ms is completed by the next', async (afterMs) => {
    const former = await writeHistory()
    const first = profiles.erase(PERSON).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const pid = dolt.pid()!
    process.kill(pid, 'SIGKILL')
    await until(() => dolt.pid() !== pid && dolt.healthy())
    const outcome = await first
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(Unavailable)
    await profiles.erase(PERSON)
    await expectForgotten(former)
  })

  it('between the reset and the new commit keeps the others when the pile is opened again', async () => {
    const former = await writeHistory()
    const at = await connect()
    await at.query("DELETE FROM boot_blocks WHERE handle LIKE 'z-canary%'")
    await at.query("CALL DOLT_RESET('--soft', ?)", [former.at(-1)])
    at.destroy()
    await profiles.close()
    profiles = await openProfileStore(url, dir)
    expect(await profiles.read('person2')).toBeDefined()
    await profiles.erase(PERSON)
    await expectForgotten(former)
  })
})

describe('the proof', () => {
  const prove = async (words: string[], former: string[] = []) => ({
    sql: await connected(ledgerAddress(url), (db) => doubtsBySql(db, PERSON, former)),
    files: (await doubtsByFiles(dir, name, mentions(PERSON, words))).doubts,
  })

  it('fails before the forgetting, by rows, history and files, with words and without', async () => {
    const former = await writeHistory()
    const { sql, files } = await prove([canary], former)
    expect(sql).toContain('a row is left')
    expect(sql).toContain('former commits are left')
    expect(sql.at(-1)).toMatch(/^AS OF still finds \d+ former commits$/)
    expect(files).toEqual([expect.stringMatching(/noms\/v{32} still has something$/)])
    expect((await prove([])).files).toEqual(files)
    expect(JSON.stringify([sql, files])).not.toContain(canary)
  })

  it('fails by the files alone when a connection kept the old history through the collection', async () => {
    const former = await writeHistory()
    const other = await connect(dolt.url('commons'))
    await reading(other, `${name}.rigs`)
    const at = await connect()
    for (const table of ['stamps', 'boot_blocks', 'rigs'])
      await at.query(`DELETE FROM ${table} WHERE ${table === 'stamps' ? 'subject' : 'handle'} LIKE 'z-canary%'`)
    await at.query("CALL DOLT_RESET('--soft', ?)", [former.at(-1)])
    await at.query("CALL DOLT_COMMIT('-Am', 'squashed', '--amend')")
    await at.query("CALL DOLT_GC('--full', '--archive-level', '0')")
    const { files } = await prove([canary])
    expect(files.length).toBeGreaterThan(0)
    expect((await prove([])).files).toEqual(files)
  })

  it('fails on an archive, which it cannot read', async () => {
    await writeHistory()
    await (await connect()).query('CALL DOLT_GC()')
    const { files } = await prove([canary])
    expect(files.join()).toMatch(/\.darc is an archive of Dolt, which cannot be read/)
  })

  it('fails when it finds no files', async () => {
    await profiles.write(others(), everybody)
    const { doubts } = await doubtsByFiles(mkdtempSync(join(home, 'empty-')), name, () => false)
    expect(doubts).toEqual([expect.stringMatching(/^no file was found in .*forget_\d+$/)])
  })

  it('makes a forgetting reject when the collection did not work, and names nobody', async () => {
    await writeHistory()
    // A copy that no collection of Dolt reaches.
    const noms = join(dir, 'data', name, '.dolt', 'noms')
    copyFileSync(join(noms, 'v'.repeat(32)), join(dir, 'data', name, 'v'.repeat(32)))
    const error = await profiles.erase(PERSON).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Unavailable)
    expect((error as Error).message).toMatch(
      /^the profile store may still hold what is to be forgotten: data\/forget_\d+\/v{32} still has something$/,
    )
    expect((error as Error).message).not.toContain(canary)
    await expect(profiles.erase(PERSON)).rejects.toThrow(Unavailable)
    rmSync(join(dir, 'data', name, 'v'.repeat(32)))
    await profiles.erase(PERSON)
    expect(filesWithCanary()).toEqual([])
  })

  it('has no files of a server that is not ours', async () => {
    const former = await writeHistory()
    await profiles.close()
    profiles = await openProfileStore(url)
    expect(await profiles.erase(PERSON)).toMatchObject({ files: undefined })
    for (const hash of former) expect(await isFound(hash)).toBe(false)
  })
})
