import { randomBytes } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSafe } from '../../src/imports/sealed.ts'
import { storedFiles } from '../../src/ledger/profiles/chunk-files.ts'
import { embeddedPostgresUrl } from '../../src/operations/embedded-postgres.ts'
import { hmacKey } from '../../src/ops/data-dir.ts'
import { visit, type Visit } from '../../local-github/visit.ts'
import { runBeside, runForJson } from './cli.ts'
import { sayAlone } from './importing.ts'
import { OWNER, postItems, startWorld, type World } from './world.ts'
import { deadLetters } from '../queue-rows.ts'

describe('who is forgotten', () => {
  let world: World
  let repo: string
  beforeAll(async () => {
    world = await startWorld({ importer: 'ops', config: { IMPORT_OPEN: true } })
    repo = world.repository('talk')
    world.gh.person('other', 'newcomer')
    await sayAlone(world, repo, 'other')
  }, 120_000)
  afterAll(() => world.close())

  /** Somebody with a word of their own in all that is imported; in their login too, where they say nothing on GitHub. */
  function marked(login?: string) {
    const canary = `canary${randomBytes(8).toString('hex')}`
    const repository = { ...OWNED, name: `${canary}-tool`, topics: [`${canary}-topic`] }
    const account = world.gh.person(login ?? canary, {
      as: 'prolific_maintainer',
      name: `${canary} name`,
      bio: `${canary} bio`,
      location: `${canary} town`,
      character: { repos: [repository] },
    })
    return { canary, ...account }
  }

  /** A browser in which this person has signed in. */
  function signedIn({ id, login, token }: { id: number; login: string; token: string }): Visit {
    const browser = visit(world.bridge.url)
    const session = { person: { id, login, type: 'User' }, token, nonce: 'n'.repeat(43), until: Date.now() + 600_000 }
    const safe = createSafe(hmacKey(world.config.dataDir), 'session')
    browser.cookies.set('wasteland-session', safe.seal(JSON.stringify(session)))
    return browser
  }

  /** Where a word is found: in files, rows, samples of Postgres, log lines. */
  async function placesOf(word: string): Promise<string[]> {
    await world.ops('CHECKPOINT')
    return [
      ...[...storedFiles(join(world.config.dataDir, 'dolt'), () => true)].flatMap((file) =>
        'unreadable' in file || [...file.parts()].some((part) => part.includes(word)) ? [file.path] : [],
      ),
      ...filesWith(join(world.config.dataDir, 'postgres'), word),
      ...(await rowsWith(word)),
      ...world.log.filter((line) => line.includes(word)),
    ]
  }

  function filesWith(dir: string, word: string): string[] {
    return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || path.includes('/pg_wal/')) return []
      return readFileSync(path).includes(word) ? [relative(dir, path)] : []
    })
  }

  async function rowsWith(word: string): Promise<string[]> {
    const tables = await world.ops(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'public' UNION SELECT 'pg_stats'`,
    )
    const found: string[] = []
    for (const { name } of tables)
      for (const row of await world.ops(`SELECT t::text AS text FROM ${name} t WHERE t::text LIKE $1`, [`%${word}%`]))
        found.push(`${name}: ${row['text']}`)
    return found
  }

  /** The same after Postgres has looked at what lies in its tables, as it does by itself. */
  const sampled = async (word: string) => {
    await world.ops('ANALYZE')
    return placesOf(word)
  }

  /** As a backup holds one: of removed rows, those that it may still look at stay in a table's file. */
  async function snapshot(): Promise<pg.Client> {
    const client = new pg.Client(await embeddedPostgresUrl(join(world.config.dataDir, 'postgres')))
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await client.query('SELECT')
    return client
  }

  it('by the form is found nowhere, and is not imported again by any way in', async () => {
    const person = marked()
    const browser = signedIn(person)
    const begun = await browser.submit('/import', '/import')
    await world.idle()
    const sheet = await browser.get(`/rigs/${person.canary}`)
    expect([begun.status, sheet.status]).toEqual([303, 200])
    expect((await sampled(person.canary)).length).toBeGreaterThan(3)

    const older = await snapshot()
    const forgotten = await browser.submit('/import/forget', '/import/forget')
    expect(forgotten.text).toMatch(/Proof: no row, no former version, and nothing of you in the \d+ files/)
    expect(forgotten.text).not.toContain(person.canary)
    expect(await sampled(person.canary)).toEqual([])
    await older.end()
    const stranger = visit(world.bridge.url)
    for (const [page, status] of [
      ['/import', 200],
      [`/rigs/${person.canary}`, 404],
      [begun.location!, 404],
    ] as const) {
      const { status: given, text } = await stranger.get(page)
      // The page says which handle it does not have.
      expect([page, given, text.replaceAll(`“${person.canary}”`, '').includes(person.canary)]).toEqual([
        page,
        status,
        false,
      ])
    }

    const again = await signedIn(person).submit('/import', '/import')
    expect(again.text).toContain('takes no part, or asked to be forgotten')
    expect(await runBeside(world, 'import', person.canary)).toEqual({
      code: 1,
      said: expect.stringMatching(/not imported\. .*takes no part, or asked to be forgotten/),
    })
    await visit(world.bridge.url).submit('/import', '/import', { login: person.canary })
    await world.idle()
    expect(await world.sql(`SELECT * FROM pile.rigs WHERE hop_uri LIKE ?`, [`%/${person.id}`])).toEqual([])
    expect(await world.sql(`SELECT handle FROM pile.boot_blocks`)).toEqual([{ handle: 'other' }])
  })

  it('by /wl forget, while the ledger is at work: nothing of that fails or is lost', async () => {
    const { canary, login } = marked('lou')
    await sayAlone(world, repo, login)
    expect(await sampled(canary)).not.toEqual([])
    const asked = await sayAlone(world, repo, login, '/wl forget')
    expect(world.said(repo, asked)).toEqual([
      expect.stringMatching(
        /^Nothing is done yet\. Your imported profile `lou` would be removed[^]*you go on taking part[^]*\n```\n\/wl forget confirm\n```[^]*another choice: `\/wl decline`/,
      ),
    ])
    expect(await world.sql(`SELECT handle FROM pile.boot_blocks WHERE handle = 'lou'`)).toHaveLength(1)
    const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
    world.gh.as(login).comment(repo, number, '/wl forget confirm')
    const repos = Array.from({ length: 8 }, (_, n) => world.repository(`busy-${n}`))
    const ids = await postItems(world, repos)
    expect(ids.filter((id) => id === undefined)).toEqual([])
    await world.idle()
    expect(world.said(repo, number)).toEqual([
      expect.stringMatching(/^Your imported profile is removed, with its history: .*\n- Proof: no row/),
    ])
    expect(await sampled(canary)).toEqual([])
    const posted = await world.sql(`SELECT id FROM wanted WHERE status = 'open' ORDER BY id`)
    expect(posted.map((row) => row['id'])).toEqual(ids.toSorted())
    expect(await deadLetters(world.ops)).toEqual([])
    const next = await sayAlone(world, repo, login)
    expect(world.said(repo, next)).toEqual([expect.stringContaining('takes no part, or asked to be forgotten')])
    const twice = await sayAlone(world, repo, login, '/wl forget confirm')
    expect(world.said(repo, twice)).toEqual([expect.stringMatching(/^There was no imported profile of yours/)])
    // Two choices: they go on taking part, and may be imported again once they say so.
    const claim = await sayAlone(world, repo, login, `/wl claim ${ids[0]}`)
    expect(world.said(repo, claim).at(-1)).not.toContain('You declined')
    expect((await world.sql('SELECT claimed_by FROM wanted WHERE id = ?', [ids[0]]))[0]).toEqual({ claimed_by: login })
    world.gh.clock.advance(2)
    const back = await sayAlone(world, repo, login, '/wl join')
    expect(world.said(repo, back)).toEqual([expect.stringMatching(/^You take part again/)])
    const imported = await sayAlone(world, repo, login)
    expect(world.said(repo, imported).at(-1)).toContain('Imported the character sheet of lou')
  })

  it('by the command line, beside the server, by login or by numeric id', async () => {
    const { canary, id } = marked()
    expect(await runBeside(world, 'import', canary)).toMatchObject({ code: 0 })
    expect(await runBeside(world, 'forget', 'nobody-here')).toEqual({
      code: 1,
      said: expect.stringContaining('There is no sheet of nobody-here under their own name.'),
    })
    expect(await runBeside(world, 'forget', canary)).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^Removed what was imported of .*\n {2}Proof: no row, no former version, and nothing of them in the \d+ files/,
      ),
    })
    expect(await sampled(canary)).toEqual([])
    expect(await runBeside(world, 'forget', 'somebody', '--id', String(id))).toMatchObject({
      code: 0,
      said: expect.stringContaining('Nothing was imported of somebody.'),
    })
    expect(await runForJson(world, 'forget', 'somebody', '--id', String(id))).toEqual({
      code: 0,
      document: {
        login: 'somebody',
        id,
        removed: false,
        takesPart: true,
        proof: {
          filesRead: expect.any(Number),
          formerCommits: expect.any(Number),
          remotes: [],
          commentStays: false,
        },
      },
      err: '',
    })
    expect(await runBeside(world, 'forget', canary, '--id', 'x')).toMatchObject({ code: 2 })
    const other = marked()
    expect(await runBeside(world, 'import', other.canary)).toMatchObject({ code: 0 })
    expect((await runForJson(world, 'forget', other.canary.toUpperCase())).document).toMatchObject({
      login: other.canary,
      id: other.id,
      removed: true,
    })
    const number = await sayAlone(world, repo, 'mia', '/wl sheet')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('nobody is forgotten in another’s place, whose login was theirs', async () => {
    world.gh.person('had-it', 'newcomer')
    await sayAlone(world, repo, 'had-it')
    await world.sql(`UPDATE pile.rigs SET hop_uri = REPLACE(hop_uri, 'had-it', 'new-name') WHERE handle = 'had-it'`)
    expect(await runBeside(world, 'forget', 'had-it')).toMatchObject({ code: 1 })
    expect(await world.sql(`SELECT handle FROM pile.boot_blocks WHERE handle = 'had-it'`)).toHaveLength(1)
  })
})

describe('the only one who is imported, of whom there is little', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ importer: 'ops', config: { IMPORT_OPEN: true } })
  }, 120_000)
  afterAll(() => world.close())

  const proof = /Proof: no row, no former version, and nothing/

  it('is forgotten at once by the command line, and by a comment', async () => {
    world.gh.person('bob', 'newcomer')
    expect(await runBeside(world, 'import', 'bob')).toMatchObject({ code: 0 })
    expect(await runBeside(world, 'forget', 'bob')).toEqual({ code: 0, said: expect.stringMatching(proof) })

    world.gh.person('eve', 'newcomer')
    const repo = world.repository('talk')
    await sayAlone(world, repo, 'eve')
    expect(await world.sql('SELECT handle FROM pile.boot_blocks')).toEqual([{ handle: 'eve' }])
    const asked = await sayAlone(world, repo, 'eve', '/wl forget confirm')
    expect(world.said(repo, asked)).toEqual([
      expect.stringMatching(/^Your imported profile is removed, with its history: .*\n- Proof: no row/),
    ])
    expect(await world.sql('SELECT handle FROM pile.boot_blocks')).toEqual([])
  })

  it('is told how to go on where the proof fails, and by login again once it can hold', async () => {
    const { id } = world.gh.person('zoe', 'newcomer')
    expect(await runBeside(world, 'import', 'zoe')).toMatchObject({ code: 0 })
    // A copy that no collection of Dolt reaches.
    const pile = join(world.config.dataDir, 'dolt', 'data', 'pile')
    const copy = join(pile, 'v'.repeat(32))
    copyFileSync(join(pile, '.dolt', 'noms', 'v'.repeat(32)), copy)
    const failed = await runBeside(world, 'forget', 'zoe', '--decline')
    expect(failed).toEqual({
      code: 1,
      said:
        `Not done yet: the profile store may still hold what is to be forgotten: data/pile/${'v'.repeat(32)} still has ` +
        'something. The wish is noted, and imports of them are barred. Run wasteland-bridge forget zoe --id ' +
        `${id} --decline again; a bridge that runs tries again by itself every few minutes.\n`,
    })
    rmSync(copy)
    expect(await runBeside(world, 'forget', 'ZOE')).toEqual({ code: 0, said: expect.stringMatching(proof) })
    expect(await world.ops('SELECT login FROM forgetting')).toEqual([])
    expect(await runBeside(world, 'forget', 'zoe')).toMatchObject({ code: 1, said: expect.stringContaining('--id') })
  })
})

const OWNED = {
  stars: 900,
  forks: 80,
  watchers: 30,
  license: true,
  ci: true,
  releases: 3,
  closedIssues: 40,
  openIssues: 4,
  mergedPRsByOthers: 30,
  monthsSincePush: 1,
  langs: { Rust: 1 },
}
