import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { unsigned } from '../ledger/key.ts'
import { createPeer, WL } from '../ledger/peer-schemas.ts'
import { silent } from '../ops/fake-server.ts'
import { runBeside, runForJson } from '../scenarios/cli.ts'
import { say } from '../scenarios/talk.ts'
import { inReview, recorded, startWorld, type World } from '../scenarios/world.ts'
import { prepareServer } from '../prepared-stores.ts'

let home: string
let dolt: EmbeddedDolt
let world: World | undefined

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'upgrade-cli-'))
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin: (await installedDolt()).bin, log: silent })
}, FETCHING_MS)

afterEach(async () => {
  await world?.close()
  world = undefined
})

afterAll(async () => {
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

async function startOn(name: string, ...statements: string[]): Promise<World> {
  const server = await mysql.createConnection(dolt.url('commons'))
  await server.query(`CREATE DATABASE ${name}`)
  await server.query(`USE ${name}`)
  for (const statement of statements) await server.query(statement)
  await server.end()
  return (world = await startWorld({ config: { LEDGER_URL: dolt.url(name) } }))
}

const subjects = async ({ sql }: World) =>
  (await sql('SELECT message FROM dolt_log ORDER BY commit_order')).map((row) => unsigned(row['message']))

const stamps = ({ sql }: World) => sql('SELECT id, author, subject, valence, block_hash FROM stamps ORDER BY id')

const head = async ({ sql }: World) => (await sql("SELECT DOLT_HASHOF('main') AS hash"))[0]!['hash']

const doctorOfLedger = async (one: World) =>
  (await runBeside(one, 'doctor')).said.split('\n').find((line) => / ledger /.test(line)) ?? ''

const ready = async ({ bridge }: World) => (await fetch(`${bridge.url}/readyz`)).text()

describe('wasteland-bridge init --upgrade, on a commons of wl', { timeout: 240_000 }, () => {
  it('shows what it would add, and adds it in one commit when told --yes; values are written from the next start on', async () => {
    const one = await startOn('of_wl', ...createPeer(WL, '1.2'))
    expect(one.log.filter((line) => line.includes('this commons lacks columns'))).toEqual([
      expect.stringMatching(/"stamps\.stamp_type".*index stamps_subject.*wasteland-bridge init --upgrade adds them/),
    ])
    expect(await doctorOfLedger(one)).toMatch(
      /^warning .* lacks stamps\.stamp_type, .* and more: what they hold is not written\. Not made by this bridge, so no start changes it: wasteland-bridge init --upgrade does\.$/,
    )
    expect(await ready(one)).toBe('ready\n')
    const repo = one.repository('peer')
    const first = await inReview(one, repo)
    await say(one, { repo, number: first.number }, 'mia', '/wl stamp quality=5')
    expect(await ready(one)).toBe(
      'ready\nledger: this commons lacks stamps.stamp_type, stamps.stamp_index, so values were not written. ' +
        'wasteland-bridge init --upgrade adds what it lacks.\n',
    )
    const before = { head: await head(one), stamps: await stamps(one), subjects: await subjects(one) }

    const preview = await runBeside(one, 'init', '--upgrade')
    expect(preview).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^The commons of_wl lacks:\n[^]*\n {2}stamps\.stamp_type\n[^]*\n {2}index stamps_subject\n[^]*\n {2}leaderboard\n[^]*A preview only: repeat it with --yes to add them\.\n$/,
      ),
    })
    const shown = await runForJson(one, 'init', '--upgrade')
    const lacks = expect.arrayContaining(['stamps.stamp_type', 'index stamps_subject', 'leaderboard'])
    expect(shown).toEqual({
      code: 0,
      document: { upgrade: { commons: 'of_wl', version: '1.2', isNewer: false, lacks, added: [] } },
      err: 'A preview only: repeat it with --yes to add them.\n',
    })
    expect(await head(one)).toBe(before.head)

    const done = await runBeside(one, 'init', '--upgrade', '--yes')
    expect(done).toMatchObject({ code: 0, said: expect.stringMatching(/\nAdded \d+ things\. A bridge that runs/) })
    expect((await subjects(one)).slice(before.subjects.length)).toEqual([expect.stringMatching(/^Upgrade schema: /)])
    expect(await runBeside(one, 'init', '--upgrade', '--yes')).toEqual({
      code: 0,
      said: 'The commons of_wl lacks nothing of the schema.\n',
    })
    expect(await runForJson(one, 'init', '--upgrade', '--yes')).toMatchObject({
      code: 0,
      document: { upgrade: { commons: 'of_wl', isNewer: false, lacks: [], added: [] } },
      err: '',
    })
    expect(await doctorOfLedger(one)).toMatch(/^ok .*whole and committed/)

    await one.restart()
    expect(await stamps(one)).toEqual(before.stamps)
    const second = await inReview(one, repo, 'carl', 'More')
    await say(one, { repo, number: second.number }, 'mia', '/wl stamp quality=4')
    expect(await one.sql("SELECT stamp_type, stamp_index FROM stamps WHERE subject = 'carl'")).toEqual([
      { stamp_type: 'work', stamp_index: 0 },
    ])

    await one.sql("UPDATE _meta SET value = '1.9' WHERE `key` = 'schema_version'")
    await one.sql("CALL DOLT_COMMIT('-Am', 'A newer program')")
    expect(await runForJson(one, 'init', '--upgrade')).toEqual({
      code: 0,
      document: { upgrade: { commons: 'of_wl', version: '1.9', isNewer: true, lacks: [], added: [] } },
      err: '',
    })
  })

  it.each([
    ['--yes alone', ['--yes'], '--yes goes with --from-label or --upgrade'],
    ['a label’s repository', ['--upgrade', '--repo', 'ada/x'], '--repo and --by go with --from-label'],
  ])('is not understood with %s', async (_, args, why) => {
    const one = { config: {} } as World
    expect(await runBeside(one, 'init', ...args)).toMatchObject({ code: 2, said: expect.stringContaining(why) })
  })
})

describe('a commons of ours that an older version left', { timeout: 240_000 }, () => {
  it('is upgraded by the start, which says so; doctor told before that it will be', async () => {
    const one = await startOn('of_ours')
    const repo = one.repository('ours')
    const { id, number } = await inReview(one, repo)
    await say(one, { repo, number }, 'mia', '/wl stamp quality=5')
    const before = { recorded: await recorded(one, id), subjects: await subjects(one) }
    for (const statement of [
      'ALTER TABLE stamps DROP COLUMN pilot_cohort',
      'DROP INDEX stamps_subject ON stamps',
      "CALL DOLT_COMMIT('-Am', 'As the version before had it')",
    ])
      await one.sql(statement)
    expect(await doctorOfLedger(one)).toMatch(
      /^warning .* lacks stamps\.pilot_cohort, index stamps_subject: what they hold is not written\. The next start adds them\.$/,
    )
    await one.restart()
    expect((await subjects(one)).slice(before.subjects.length)).toEqual([
      'As the version before had it',
      'Upgrade schema: stamps.pilot_cohort, index stamps_subject',
    ])
    expect(one.log.filter((line) => line.includes('the schema of this commons was upgraded'))).toHaveLength(1)
    expect(await recorded(one, id)).toEqual(before.recorded)
    expect(await doctorOfLedger(one)).toMatch(/^ok /)
    const at = await head(one)
    await one.restart()
    expect(await head(one)).toBe(at)
  })
})
