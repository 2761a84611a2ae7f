import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pileLines, startSeed } from '../crash/seeding.ts'
import { randomOf } from '../seed.ts'
import { pressCtrlC, runBeside, runForJson } from './cli.ts'
import { OWNER, startWorld, type World } from './world.ts'

const FIRST_NUMBERED = 10_000_000
const STEP = 3
const person = (n: number) => `person-${String(n).padStart(6, '0')}`
const people = (count: number, from = 0) => Array.from({ length: count }, (_, n) => person(from + n))

describe('seeding', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ github: { people: { count: 600 } }, schemas: 'unchecked' })
    world.config.IMPORT_TOKEN = world.gh.as(OWNER).token
    world.gh.limits.points = 1_000_000
  })
  afterAll(() => world.close())

  const file = async (lines: string[]) => {
    const path = join(world.config.dataDir, 'logins.txt')
    await writeFile(path, lines.join('\n'))
    return path
  }
  const usage = () => world.gh.limits.usage(world.config.IMPORT_TOKEN)
  const at = () => ({ gh: world.gh.url, token: world.config.IMPORT_TOKEN!, dataDir: world.config.dataDir })
  const lines = () => pileLines((query) => world.sql(query))
  const commits = async () => (await world.sql('SELECT commit_hash FROM pile.dolt_log')).length

  async function emptyPile() {
    for (const table of ['boot_blocks', 'stamps']) await world.sql(`DELETE FROM pile.${table}`)
    await world.sql("DELETE FROM pile.rigs WHERE rig_type = 'human'")
    expect((await lines()).filter((line) => line.includes('person-'))).toEqual([])
  }

  /** Runs it twice, the first time for its price, and holds the price against what GitHub counted. */
  async function atItsPrice(...args: string[]): Promise<string> {
    const plan = await runBeside(world, 'seed', ...args, '--dry-run')
    const [, requests, points] = /about (\d+) requests and (\d+) points/.exec(plan.said) ?? []
    const before = usage()
    const { code, said } = await runBeside(world, 'seed', ...args)
    expect({ code, said }).toEqual({ code: 0, said })
    const spent = { requests: usage().graphql - before.graphql, points: usage().points - before.points }
    expect(said).toContain(`This run took ${spent.requests} requests and ${spent.points} points.`)
    expect(Math.abs(Number(requests) - spent.requests)).toBeLessThanOrEqual(spent.requests / 10)
    expect(Math.abs(Number(points) - spent.points)).toBeLessThanOrEqual(spent.points / 10)
    return said
  }

  it('writes those of a file, and says of whom not and why; at about its price; then nothing is to be written', async () => {
    await runBeside(world, 'forget', person(50), '--id', String(FIRST_NUMBERED + 50 * STEP))
    const odd = ['an-organization', 'bot[bot]', 'nobody-is-here', 'suspended', person(50)]
    const twice = ['# who is known', '@Person-000001', `${person(2)} # again`, '']
    const path = await file([...people(55), ...odd.slice(0, 4), 'right-to-left', ...twice])
    const first = await atItsPrice('--file', path)
    expect(first).toContain('60 profiles: 55 written, 0 unchanged, 5 skipped.')
    expect(first).toContain('  2: no user of that name')
    for (const why of ['organizations', 'bots', 'take no part']) expect(first).toContain(`  1: ${why}`)
    expect(first).toMatch(/█+░* 60\/60, \d+ a minute, \d+ points left/)
    expect((await lines()).some((line) => line.includes(person(50)))).toBe(false)
    const before = await commits()
    const again = await runBeside(world, 'seed', '--file', path)
    expect(again.said).toContain('60 profiles: 0 written, 55 unchanged, 5 skipped.')
    expect(await commits()).toBe(before)
  })

  it('finds the top contributors, at about its price', async () => {
    const said = await atItsPrice('--top', '40')
    expect(said).toContain('Looking for contributors: 250/250 repositories')
    expect(said).toMatch(/40 profiles: \d+ written, \d+ unchanged, 0 skipped\./)
  })

  it('with --json tells programs the same, in one document; what it goes on with is said on standard error', async () => {
    const path = await file([...people(3, 590), 'nobody-is-here'])
    const plan = await runForJson(world, 'seed', '--file', path, '--dry-run')
    const { requests } = plan.document as { requests: number }
    expect(plan).toEqual({
      code: 0,
      document: {
        profiles: 4,
        requests: expect.any(Number),
        points: expect.any(Number),
        seconds: { least: requests * 2, most: requests * 6 },
      },
      err: '',
    })
    const stranger = { ...world, config: { ...world.config, IMPORT_TOKEN: 'ghp_wrong' } }
    expect(await runForJson(stranger, 'seed', '--file', path)).toEqual({
      code: 1,
      document: undefined,
      err: expect.stringContaining('GitHub refuses the token that imports (401)'),
    })
    const before = usage()
    const { code, document, err } = await runForJson(world, 'seed', '--file', path)
    const spent = { requests: usage().graphql - before.graphql, points: usage().points - before.points }
    expect({ code, document }).toEqual({
      code: 0,
      document: {
        profiles: 4,
        written: 3,
        unchanged: 0,
        skipped: 1,
        skippedFor: { missing: 1 },
        doneBefore: 0,
        stopped: false,
        ...spent,
      },
    })
    expect(err).toContain('Going on: 0 of 4 are done. To begin another seeding: --anew\n')
  })

  describe('of some', () => {
    const SOME = 120
    let path: string
    let whole: string[]
    let requests: number
    const theirs = async () => (await lines()).filter((line) => line.includes('person-'))
    beforeAll(async () => {
      await emptyPile()
      path = await file(people(SOME, 100))
      const before = usage().graphql
      await runBeside(world, 'seed', '--file', path)
      requests = usage().graphql - before
      whole = await theirs()
    })

    /** Calls `work` at the n-th request from now. */
    function atRequest(n: number, work: () => void) {
      const before = usage().graphql
      return world.gh.onRequest(() => {
        if (usage().graphql - before === n) work()
      })
    }

    it('is ended by Ctrl-C, keeps what came, and goes on there', async () => {
      await emptyPile()
      const before = usage().graphql
      const child = startSeed(at(), '--file', path)
      const stop = atRequest(40, () => child.kill('SIGINT'))
      expect(await child.ended).toBe(1)
      stop()
      expect(child.said()).toContain('Stopped. Run the same command again, and it goes on where it was.')
      const again = await runBeside(world, 'seed', '--file', path)
      expect(again.said).toMatch(new RegExp(`Going on: (40|60) of ${SOME} are done`))
      expect(again.said).toContain(`${SOME} profiles: ${SOME} written, 0 unchanged, 0 skipped.`)
      // At most the twenty that were under way were fetched twice.
      expect(usage().graphql - before).toBeLessThanOrEqual(requests + 14)
      expect(await theirs()).toEqual(whole)
    })

    it('with --json tells how far it came where Ctrl-C stopped it', async () => {
      await emptyPile()
      const before = usage().graphql
      const end = atRequest(40, pressCtrlC)
      const { code, document, err } = await runForJson(world, 'seed', '--file', path)
      end()
      const { written, requests: sent } = document as { written: number; requests: number }
      expect([40, 60]).toContain(written)
      // The one that was on its way may not have arrived.
      expect([0, 1]).toContain(sent - (usage().graphql - before))
      const none = { unchanged: 0, skipped: 0, skippedFor: {}, doneBefore: 0 }
      expect({ code, document }).toEqual({
        code: 1,
        document: { profiles: SOME, written, ...none, stopped: true, requests: sent, points: expect.any(Number) },
      })
      expect(err).toContain('Stopped. Run the same command again, and it goes on where it was.')
      const { document: rest } = await runForJson(world, 'seed', '--file', path)
      expect(rest).toMatchObject({ written: SOME, doneBefore: written, stopped: false })
    })

    it('ends with the same pile however often it is killed', async () => {
      await emptyPile()
      const random = randomOf('kills of a seeding')
      const start = usage().graphql
      // So early that much is left to do: each strikes. One that is killed goes on where it was.
      const points = Array.from({ length: 2 }, () => Math.ceil((random() * requests) / 3))
      for (const point of points) {
        const child = startSeed(at(), '--file', path)
        const stop = atRequest(point, () => child.kill('SIGKILL'))
        expect(await child.ended).toBe(null)
        stop()
      }
      // At the last request it dies while the pile is written, or just after.
      const child = startSeed(at(), '--file', path)
      const delay = random() * 300
      const stop = atRequest(
        requests - (usage().graphql - start),
        () => void sleep(delay).then(() => child.kill('SIGKILL')),
      )
      expect([null, 0]).toContain(await child.ended)
      stop()
      const end = await runBeside(world, 'seed', '--file', path)
      expect(end.said).toContain('0 skipped.')
      expect({ points, rows: await theirs() }).toEqual({ points, rows: whole })
    })
  })

  it('waits at the limit, says until when, and goes on', async () => {
    const path = await file(people(60, 500))
    const { gh } = world
    // The hour of a new token, of which three seconds are left.
    gh.user('wanda')
    gh.clock.advance(-3_597)
    gh.limits.points = 260
    const child = startSeed({ ...at(), token: gh.as('wanda').token }, '--file', path)
    while (!child.said().includes('limit is reached')) {
      if (child.said().includes('This run took')) break
      await sleep(20)
    }
    gh.clock.advance(3_600)
    gh.limits.points = 1_000_000
    expect(await child.ended).toBe(0)
    expect(child.said()).toMatch(/GitHub’s limit is reached; going on at \d\d:\d\d UTC/)
    expect(child.said()).toContain('60 profiles: 60 written')
    expect(gh.limits.usage(gh.as('wanda').token)).toMatchObject({ graphql: 39, points: 123 })
  })

  it.each([
    [
      ['--file', '/nowhere/logins.txt'],
      '/nowhere/logins.txt cannot be read (ENOENT). Expected a file with a login a line.',
    ],
    [[], 'Not understood. Expected: wasteland-bridge seed --top <n> | --file <logins.txt>'],
    [['--top', '10', '--file', 'x'], 'Not understood. Expected: wasteland-bridge seed'],
    [['--top', '0'], 'Not understood. Expected: wasteland-bridge seed'],
    [['--top', 'ten'], 'Not understood. Expected: wasteland-bridge seed'],
    [['--bottom', '10'], 'Not understood. Expected: wasteland-bridge seed'],
  ])('%j is answered in words', async (args, words) => {
    const { code, said } = await runBeside(world, 'seed', ...args)
    expect([code, said]).toEqual([words.startsWith('Not understood') ? 2 : 1, expect.stringContaining(words)])
  })

  it('says which line is no login, and that nobody is named', async () => {
    const text = await runBeside(world, 'seed', '--file', await file(['ada', 'bob and carol']))
    expect(text.said).toMatch(/^Line 2 of .* is no login\. Expected a text file with one a line\.\n$/)
    const none = await runBeside(world, 'seed', '--file', await file(['', '# nobody']))
    expect(none.said).toMatch(/names nobody\. Expected a login a line\.\n$/)
  })

  it('needs a token that GitHub takes', async () => {
    const path = await file(people(1))
    const { IMPORT_TOKEN: token, ...without } = world.config
    const none = await runBeside({ ...world, config: without }, 'seed', '--file', path)
    expect(none).toEqual({ code: 1, said: expect.stringContaining('Seeding needs IMPORT_TOKEN') })
    const wrong = await runBeside(
      { ...world, config: { ...world.config, IMPORT_TOKEN: 'ghp_wrong' } },
      'seed',
      '--file',
      path,
    )
    expect(wrong).toEqual({ code: 1, said: expect.stringContaining('GitHub refuses the token that imports (401)') })
    expect(token).not.toBe('')
    expect((await runBeside(world, 'seed', '--file', path)).said).toContain('Going on: 0 of 1 are done')
  })
})
