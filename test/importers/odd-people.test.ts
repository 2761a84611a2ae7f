import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NoSuchProfile } from '../../importers/github/errors.ts'
import { fetchBulk } from '../../importers/github/fetch-bulk.ts'
import { fetchDeep } from '../../importers/github/fetch-deep.ts'
import type { BulkResult, Github } from '../../importers/github/fetching.ts'
import { openGithub } from '../../importers/github/github.ts'
import type { CharacterSheet } from '../../importers/github/sheet-json.ts'
import { sheetOf } from '../../importers/github/sheet.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openProfileStore, type ProfileStore } from '../../src/ledger/profiles/profile-store.ts'
import { type LocalGitHub, startLocalGitHub } from '../../local-github/local-github.ts'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { silent } from '../ops/fake-server.ts'
import { readerFaults } from './github/reader-types.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const { signal } = new AbortController()

/** Who has a sheet. `new-login` was renamed from `old-login`, which is another's by now. */
const WITH_SHEET = [
  'private-profile',
  'much-history',
  'no-repositories',
  'many-repositories',
  'right-to-left',
  'long-name',
  'strange-bio',
  'huge-numbers',
  'new-login',
  'old-login',
  'ghost',
  'nothing-at-all',
  'torvalds-like',
]
const WITHOUT: [string, NoSuchProfile['why'], RegExp][] = [
  ['an-organization', 'organization', /is an organization, and a character sheet is a person’s/],
  ['bot[bot]', 'bot', /is a bot/],
  ['suspended', 'missing', /renamed, deleted or suspended/],
  ['deleted', 'missing', /renamed, deleted or suspended/],
  ['nobody-here', 'missing', /has no user nobody-here/],
  ['a b"){', 'missing', /has no user a b"\)\{/],
]

describe('every odd person: a right sheet or a clear answer', () => {
  let home: string
  let gh: LocalGitHub
  let github: Github
  let dolt: EmbeddedDolt
  let profiles: ProfileStore
  let renamed: number

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'odd-people-'))
    dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin: (await installedDolt()).bin, log: silent })
    profiles = await openProfileStore(dolt.url('pile'))
    gh = await startLocalGitHub({ people: { today: '2026-11-20' } })
    renamed = gh.person('old-login', 'reviewer').id
    gh.renameUser('old-login', 'new-login')
    gh.person('old-login', 'newcomer')
    gh.person('deleted', 'reviewer')
    gh.deleteUser('deleted')
    gh.user('nothing-at-all')
    const { token } = gh.user('ops')
    github = openGithub({ apiUrl: `${gh.url}/api/v3`, token, host: 'github.com', pages: 'https://github.com' })
  }, FETCHING_MS)
  afterAll(async () => {
    await profiles?.close()
    await gh?.close()
    await dolt?.stop()
    rmSync(home, { recursive: true, force: true })
  })

  const everybody = async () => false

  /** Writes the sheet and gives `sheet_json` as the reader gets it: the server's own text. */
  async function written(sheet: ReturnType<typeof sheetOf>): Promise<string> {
    if ('refused' in sheet) throw new Error(`refused: ${sheet.refused}`)
    const { written: wrote, unchanged, failed } = await profiles.write([sheet], everybody)
    expect(failed).toEqual([])
    const { handle } = [...wrote, ...unchanged][0]!
    const connection = await mysql.createConnection({
      uri: dolt.url('pile'),
      typeCast: (field) => field.string('utf8'),
    })
    try {
      const [rows] = await connection.query('SELECT sheet_json FROM boot_blocks WHERE handle = ?', [handle])
      return (rows as { sheet_json: string }[])[0]!.sheet_json
    } finally {
      await connection.end()
    }
  }

  /** What the pile gives back is what was made, and no word of it breaks its line. */
  async function expectWhole(sheet: CharacterSheet, text: string) {
    expect(readerFaults(text)).toEqual([])
    expect(JSON.parse(text)).toEqual({ ...sheet.json, source: { ...sheet.json.source, hash: sheet.hash } })
    const read = await profiles.read({ host: 'github.com', id: sheet.id })
    expect(read).toMatchObject({ login: sheet.login, json: JSON.parse(text), hash: sheet.hash })
    expect(text).not.toMatch(/\\[nrtbf]|\\u00[01]/)
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  }

  it.each(WITH_SHEET)('%s, deep', { timeout: 60_000 }, async (login) => {
    const profile = await fetchDeep(github, login, { signal })
    expect(profile.login).toBe(login)
    const sheet = sheetOf(profile, NOW)
    await expectWhole(sheet as CharacterSheet, await written(sheet))
  })

  it('all of them in bulk, in their order', { timeout: 60_000 }, async () => {
    const logins = [...WITHOUT.map(([login]) => login), ...WITH_SHEET]
    const results: BulkResult[] = []
    for await (const result of fetchBulk(github, logins, { signal })) results.push(result)
    expect(results.map(({ login }) => login)).toEqual(logins)
    expect(results.flatMap((one) => ('why' in one ? [one.why] : []))).toEqual(WITHOUT.map(([, why]) => why))
    for (const one of results)
      if ('profile' in one) {
        const sheet = sheetOf(one.profile, NOW)
        await expectWhole(sheet as CharacterSheet, await written(sheet))
      }
  })

  it.each(WITHOUT)('%s has none, and it is said why', async (login, why, words) => {
    const answer = await fetchDeep(github, login, { signal }).catch((error: unknown) => error)
    expect(answer).toBeInstanceOf(NoSuchProfile)
    expect(answer).toMatchObject({ why, message: expect.stringMatching(words) })
  })

  it('a login that is another’s by now ends it; a number that was renamed is followed', async () => {
    await expect(fetchDeep(github, 'old-login', { signal, expectId: renamed })).rejects.toThrow(
      /the login old-login now is another person’s, so nothing was imported/,
    )
    gh.person('once', 'newcomer')
    const { id } = gh.user('once')
    gh.renameUser('once', 'twice')
    expect(await fetchDeep(github, 'once', { signal, expectId: id })).toMatchObject({ id, login: 'twice' })
  })

  it('5,000 repositories are all seen', { timeout: 60_000 }, async () => {
    const profile = await fetchDeep(github, 'many-repositories', { signal })
    expect(profile).toMatchObject({ owned: { sources: 5000 }, missing: [] })
    expect(profile.repositories).toHaveLength(5000)
  })
})
