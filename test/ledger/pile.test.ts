import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql, { type Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { IMPORTER } from '../../src/domain/character-sheet.ts'
import { UserError } from '../../src/domain/errors.ts'
import { sha256 } from '../../src/domain/hash.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openProfileStore, type ProfileStore, profileStoreUrl } from '../../src/ledger/profiles/profile-store.ts'
import { silent } from '../ops/fake-server.ts'
import { FETCHING_MS, installedDolt } from './installed-dolt.ts'
import { sheetOf } from './pile-sheets.ts'
import { prepareServer } from '../prepared-stores.ts'

/** Every column that is asked for is there. */
type Row = Record<string, string>

let home: string
let dolt: EmbeddedDolt
let url: string
let profiles: ProfileStore
let opened: Connection[] = []
let databases = 0

const everybody = async () => false

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pile-'))
  const { bin } = await installedDolt()
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin, log: silent })
}, FETCHING_MS)

beforeEach(async () => {
  url = dolt.url(`pile_${++databases}`)
  profiles = await openProfileStore(url, join(home, 'dolt'))
})

afterEach(async () => {
  await profiles?.close()
  await Promise.all(opened.map((connection) => connection.end().catch(() => {})))
  opened = []
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

/** As a peer has it: no settings of ours, text as it comes. */
async function rows(text: string, values: unknown[] = []): Promise<Row[]> {
  const connection = await mysql.createConnection({ uri: url, dateStrings: true, typeCast: (f) => f.string('utf8') })
  opened.push(connection)
  const [found] = await connection.query(text, values)
  return found as Row[]
}

const log = async () =>
  (await rows('SELECT message, author FROM dolt_log ORDER BY commit_order')).map((row) => row['message'])

const handles = async () =>
  (await rows('SELECT handle FROM rigs WHERE handle <> ? ORDER BY handle', [IMPORTER])).map((row) => row['handle'])

describe('a sheet', () => {
  it('reads back with integers, strings and fractions of the types that the profile reader parses', async () => {
    const sheet = sheetOf(7, { login: 'Ada' })
    await profiles.write([sheet], everybody)
    const [block] = await rows('SELECT source, sheet_json, confidence, version FROM boot_blocks WHERE handle = ?', [
      'ada',
    ])
    expect(block).toMatchObject({ source: 'github', version: '1' })
    expect(JSON.parse(block!['sheet_json']!)).toEqual({
      ...sheet.json,
      source: { ...sheet.json.source, hash: sheet.hash },
    })
    const types = await rows(
      `SELECT JSON_TYPE(JSON_EXTRACT(sheet_json, '$.identity.social_proof.followers')) AS followers,
        JSON_TYPE(JSON_EXTRACT(sheet_json, '$.activity_profile.total_commits')) AS commits,
        JSON_TYPE(JSON_EXTRACT(sheet_json, '$.notable_projects[0].stars')) AS stars,
        JSON_TYPE(JSON_EXTRACT(sheet_json, '$.value_dimensions.quality')) AS quality,
        JSON_TYPE(JSON_EXTRACT(sheet_json, '$.identity.bio')) AS bio FROM boot_blocks`,
    )
    expect(types).toEqual([
      { followers: 'INTEGER', commits: 'INTEGER', stars: 'INTEGER', quality: 'DOUBLE', bio: 'STRING' },
    ])
    expect(block!['sheet_json']!).toContain('"followers":1234567')
  })

  it('is found by handle and by person, with its fetch date, hash and skills, unclaimed until its owner signs in', async () => {
    const sheet = sheetOf(7, { login: 'Ada' })
    await profiles.write([sheet], everybody)
    const found = await profiles.read('Ada')
    expect(found).toMatchObject({
      handle: 'ada',
      host: 'github',
      id: 7,
      login: 'Ada',
      hash: sheet.hash,
      fetchedAt: '2026-11-21 10:02:03',
      claimed: false,
    })
    expect(found!.stamps).toEqual(sheet.stamps)
    expect(await profiles.read({ host: 'github.com', id: 7 })).toEqual(found)
    expect(await profiles.read({ host: 'ghes.example', id: 7 })).toBeUndefined()
    expect(await profiles.claim('github', { id: 8, login: 'ada' })).toBe(false)
    expect(await profiles.claim('github', { id: 7, login: 'ada' })).toBe(true)
    expect(await profiles.claim('github', { id: 7, login: 'ada' })).toBe(true)
    await profiles.write([sheetOf(7, { login: 'Ada', bio: 'changed after the claim' })], everybody)
    expect(await profiles.read('ada')).toMatchObject({ claimed: true })
    expect((await log()).slice(-2)).toEqual(['Claim character sheet: ada', 'Import character sheet: ada'])
  })

  it('gives its skills as a passbook of stamps by an agent that nobody can be', async () => {
    const sheet = sheetOf(7, { login: 'ada' })
    await profiles.write([sheet, sheetOf(8, { login: IMPORTER })], everybody)
    const stamps = await rows('SELECT * FROM stamps WHERE subject = ? ORDER BY stamp_index', ['ada'])
    expect(stamps).toHaveLength(sheet.stamps.length)
    for (const [n, stamp] of stamps.entries()) {
      expect(stamp).toMatchObject({
        author: IMPORTER,
        severity: 'leaf',
        stamp_type: 'boot_block',
        context_type: 'boot_block',
        stamp_index: String(n),
        prev_stamp_hash: n === 0 ? null : sha256(stamps[n - 1]!['id']!),
      })
      expect(stamp['id']!).toMatch(/^s-[0-9a-f]{16}$/)
      expect(JSON.parse(stamp['valence']!)).toEqual(sheet.stamps[n]!.valence)
      expect(JSON.parse(stamp['skill_tags']!)).toEqual([sheet.stamps[n]!.skill])
    }
    expect(await rows('SELECT rig_type, display_name FROM rigs WHERE handle = ?', [IMPORTER])).toEqual([
      { rig_type: 'agent', display_name: 'GitHub importer' },
    ])
    expect(await handles()).toEqual(['ada', `${IMPORTER}-8`])
  })

  it('that is unchanged makes no commit; a changed one makes one, and its old skills go', async () => {
    const sheet = sheetOf(7, { login: 'ada' })
    await profiles.write([sheet], everybody)
    const before = await log()
    const again = {
      ...sheet,
      json: { ...sheet.json, source: { ...sheet.json.source, fetched_at: '2027-01-01T00:00:00Z' } },
    }
    expect(await profiles.write([again], everybody)).toMatchObject({ written: [], unchanged: [{ handle: 'ada' }] })
    expect(await log()).toEqual(before)
    const fewer = sheetOf(7, { login: 'ada', skills: ['rust'] })
    expect(await profiles.write([fewer], everybody)).toMatchObject({ written: [{ handle: 'ada' }], unchanged: [] })
    expect(await log()).toEqual([...before, 'Import character sheet: ada'])
    expect((await profiles.read('ada'))!.stamps.map(({ skill }) => skill)).toEqual(['rust'])
  })

  it('of a renamed login stays in its row; a login of somebody else before gets another handle', async () => {
    await profiles.write([sheetOf(7, { login: 'ada' })], everybody)
    await profiles.write([sheetOf(7, { login: 'lovelace' }), sheetOf(9, { login: 'Ada' })], everybody)
    expect(await handles()).toEqual(['ada', 'ada-9'])
    expect(await profiles.read({ host: 'github', id: 7 })).toMatchObject({ handle: 'ada', login: 'lovelace' })
    expect(await profiles.read({ host: 'github', id: 9 })).toMatchObject({ handle: 'ada-9', login: 'Ada' })
  })

  it('of the same id on another host is another person', async () => {
    await profiles.write(
      [sheetOf(7, { login: 'ada' }), { ...sheetOf(7, { login: 'ada' }), host: 'ghes.example' }],
      everybody,
    )
    expect(await handles()).toEqual(['ada', 'ada-7'])
  })

  it('of who wants none is not written, asked in the turn itself', async () => {
    const asked: unknown[] = []
    const isRefused = async (host: string, id: number) => {
      asked.push([host, id])
      return id === 8
    }
    const { written, refused } = await profiles.write([sheetOf(7), sheetOf(8)], isRefused)
    expect([written.map(({ sheet }) => sheet.id), refused.map(({ id }) => id)]).toEqual([[7], [8]])
    expect(asked).toEqual([
      ['github', 7],
      ['github', 8],
    ])
    expect(await profiles.read({ host: 'github', id: 8 })).toBeUndefined()
  })

  it('that Dolt refuses fails alone', async () => {
    const broken = { ...sheetOf(8), confidence: 1.5 }
    const { written, failed } = await profiles.write([sheetOf(7), broken, sheetOf(9)], everybody)
    expect([written.map(({ sheet }) => sheet.id), failed.map(({ sheet }) => sheet.id)]).toEqual([[7, 9], [8]])
    expect(await rows('SELECT * FROM dolt_status')).toEqual([])
  })

  it('has hostile and unusual text as it is, and on one line where the peers read lines', async () => {
    const name = `‏ערב\n${'n'.repeat(300)}`
    const sheet = sheetOf(7, { login: 'a-b', bio: `'; DROP TABLE rigs; -- "\\ 😀 \n<b>`, name })
    await profiles.write([sheet], everybody)
    expect(await profiles.read('a-b')).toMatchObject({ json: { identity: { bio: sheet.json.identity.bio } } })
    const [rig] = await rows('SELECT display_name FROM rigs WHERE handle = ?', ['a-b'])
    expect(rig!['display_name']).toMatch(/^ערב n+…$/u)
  })
})

describe('a thousand sheets', () => {
  it('are written in sets, one Dolt commit each', async () => {
    const sheets = Array.from({ length: 1000 }, (_, n) => sheetOf(n + 1))
    const { written, failed } = await profiles.write(sheets, everybody)
    expect([written.length, failed]).toEqual([1000, []])
    const [first, ...sets] = (await log()).slice(1)
    expect(first).toBe('Create the pile')
    expect(sets).toHaveLength(4)
    expect(sets[0]).toBe('Import 250 character sheets: person1, person2, person3, person4, person5 and 245 more')
    const { unchanged } = await profiles.write(sheets, everybody)
    expect(unchanged).toHaveLength(1000)
    expect((await log()).length).toBe(6)
    expect(await rows('SELECT COUNT(*) AS n FROM stamps')).toEqual([{ n: String(1000 * sheets[0]!.stamps.length) }])
  })
})

describe('the database', () => {
  it('lies beside the commons of LEDGER_URL', () => {
    expect(profileStoreUrl('mysql://me:p%40ss@dolt.example:3307/commons')).toBe(
      'mysql://me:p%40ss@dolt.example:3307/pile',
    )
  })

  it('is asked for in plain words when the user may not create it', async () => {
    const secret = randomBytes(8).toString('hex')
    const root = await mysql.createConnection(dolt.url('commons'))
    opened.push(root)
    await root.query(`CREATE USER guest IDENTIFIED BY '${secret}'`)
    await root.query('GRANT SELECT ON commons.* TO guest')
    const refused = openProfileStore(`mysql://guest:${secret}@127.0.0.1:${dolt.port}/not_there`)
    await expect(refused).rejects.toThrow(UserError)
    await expect(refused).rejects.toThrow(/need a database "not_there" on .* the user "guest" of LEDGER_URL may not/)
    await expect(refused).rejects.not.toThrow(secret)
  })
})
