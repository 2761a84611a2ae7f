import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphqlFaults } from '../../local-github/graphql/faults.ts'
import { pressCtrlC, runBeside, runForJson } from './cli.ts'
import { until } from '../ops/fake-server.ts'
import { asked } from './importing.ts'
import { OWNER, startWorld, type World } from './world.ts'

describe('wasteland-bridge import <login…>', () => {
  let world: World
  beforeAll(async () => void (world = await startWorld({ importer: 'ops' })), 120_000)
  afterAll(() => world.close())

  const run = (...args: string[]) => runBeside(world, ...args)

  it('beside a running server: says how far each is, and what it came to', async () => {
    world.gh.person('pam', 'prolific_maintainer')
    world.gh.person('new', 'newcomer')
    const { code, said } = await run('import', '@pam', 'NEW')
    expect(code).toBe(0)
    expect(said).toMatch(/pam: fetched \d+ of \d+\n/)
    expect(said).toMatch(/^pam: imported, under the handle pam\n/m)
    expect(said).toMatch(/^new: imported, under the handle new\n/m)
    expect(await world.sql('SELECT handle FROM pile.boot_blocks ORDER BY handle')).toEqual([
      { handle: 'new' },
      { handle: 'pam' },
    ])
  })

  it('leads to GitHub by the protocol that the operator told of, with a picture while the person takes part', async () => {
    const { id } = world.gh.person('liz', 'prolific_maintainer')
    await run('import', 'liz')
    const [stored] = await world.sql(`SELECT sheet_json FROM pile.boot_blocks WHERE handle = 'liz'`)
    const links = JSON.stringify(stored).match(/https?:[^"\\ ]+/g)!
    expect(links.length).toBeGreaterThan(8)
    expect(links.filter((link) => !link.startsWith(`${world.gh.url}/`))).toEqual([])
    const page = async () => (await fetch(`${world.bridge.url}/rigs/liz`)).text()
    const hrefs = [...(await page()).matchAll(/href="(http[^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
    for (const href of new Set(hrefs)) expect([href, (await fetch(href)).status]).toEqual([href, 200])
    const picture = `src="${world.gh.url}/avatars/u/${id}?s=160"`
    expect(await page()).toContain(picture)
    expect((await fetch(`${world.gh.url}/avatars/u/${id}?s=160`)).headers.get('content-type')).toBe('image/svg+xml')
    const repo = world.repository('of-liz')
    const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'A thread' })
    world.gh.as('liz').comment(repo, number, '/wl decline confirm')
    await world.idle()
    const left = await page()
    expect([left.includes('Imported from GitHub'), left.includes('<img')]).toEqual([true, false])
  })

  it.each([
    ['nobody-here', /^nobody-here: not imported\. 127\S+ has no user nobody-here: the name is misspelt/m],
    ['an-organization', /^an-organization: not imported\. an-organization is an organization, and .* a person’s/m],
    ['suspended', /^suspended: not imported\. \S+ has no user suspended: .* deleted or suspended/m],
    ['bot[bot]', /^bot\[bot\]: not imported\. That is no login of GitHub\. Expected are up to 39 letters/m],
    ['-x', /^Not understood\. Expected: wasteland-bridge import <login…>/m],
    ['a b', /^a b: not imported\. That is no login of GitHub/m],
    ['pam', /^pam: not imported\. This sheet is fresh: .* Ask again after \d{4}-\d\d-\d\d \d\d:\d\d UTC/m],
  ])('%s fails, in plain words', async (login, words) => {
    const { code, said } = await run('import', login)
    expect([code, said]).toEqual([login === '-x' ? 2 : 1, expect.stringMatching(words)])
  })

  it('without a login it says what is expected', async () => {
    expect(await run('import')).toEqual({
      code: 2,
      said: 'Not understood. Expected: wasteland-bridge import <login…> [--json]\n',
    })
  })

  it('goes on with the others, and ends with 1 where one came to nothing', async () => {
    world.gh.person('ida', 'newcomer')
    const { code, said } = await run('import', 'nobody-here', 'ida')
    expect(code).toBe(1)
    expect(said).toContain('ida: imported, under the handle ida')
  })

  it('with --json tells programs what came of each, in one document; progress and faults go to standard error', async () => {
    world.gh.person('kim', 'newcomer')
    // Long enough for its progress to be told.
    world.gh.fault({ path: /^\/graphql$/, asking: 'kim', delayMs: 1_500 })
    const { code, document, err } = await runForJson(world, 'import', 'bot[bot]', 'nobody-here', 'kim')
    const none = { handle: null, changed: false }
    expect({ code, document }).toEqual({
      code: 1,
      document: [
        { login: 'bot[bot]', state: 'refused', ...none, reason: expect.stringMatching(/^That is no login of GitHub/) },
        { login: 'nobody-here', state: 'failed', ...none, reason: expect.stringContaining('has no user nobody-here') },
        { login: 'kim', state: 'done', handle: 'kim', changed: true, reason: null },
      ],
    })
    for (const words of ['bot[bot]: not imported. That is', 'nobody-here: not imported. ', 'kim: fetched '])
      expect(err).toContain(words)
    expect(err).not.toContain('kim: imported')
  })

  it('with --json tells where Ctrl-C stopped it, and what it had not begun; a long argument is cut', async () => {
    const long = 'x'.repeat(200)
    for (const login of ['ron', 'sam']) world.gh.person(login, 'newcomer')
    const mend = world.gh.fault({ path: /^\/graphql$/, asking: 'ron', delayMs: 3_000 })
    const from = world.gh.requests.length
    const running = runForJson(world, 'import', long, 'ron', 'sam', 'a b')
    await until(() => asked(world, from).length > 0)
    pressCtrlC()
    const { code, document, err } = await running
    mend()
    const none = { handle: null, changed: false }
    expect({ code, document }).toEqual({
      code: 1,
      document: [
        { login: `${long.slice(0, 39)}…`, state: 'refused', ...none, reason: expect.stringContaining('no login') },
        { login: 'ron', state: 'stopped', ...none, reason: null },
        { login: 'sam', state: 'not begun', ...none, reason: null },
        { login: 'a b', state: 'not begun', ...none, reason: null },
      ],
    })
    expect(err).toMatch(/\nStopped\. ron is gone on with at the next start\.\n$/)
    await world.idle()
  })

  it('says until when GitHub’s limit holds it up, and goes on then', async () => {
    world.gh.person('una', 'newcomer')
    world.gh.fault(graphqlFaults.secondary({ retryAfter: 3, asking: 'una' }))
    const { code, said } = await run('import', 'una')
    expect(said).toMatch(/una: GitHub’s limit is reached: it goes on at \d{4}-\d\d-\d\d \d\d:\d\d UTC\./)
    expect([code, said]).toEqual([0, expect.stringContaining('una: imported, under the handle una')])
  })

  it('says that the token is refused, and whose that is to mend', async () => {
    world.gh.person('ole', 'newcomer')
    world.gh.fault({ path: /^\/graphql$/, status: 401, body: { message: 'Bad credentials' } })
    const { code, said } = await run('import', 'ole')
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/ole: not imported\. GitHub refuses the token .*IMPORT_TOKEN/),
    ])
  })

  it('says that there is no IMPORT_TOKEN', async () => {
    const { IMPORT_TOKEN } = world.config
    delete world.config.IMPORT_TOKEN
    const { code, said } = await run('import', 'ole')
    world.config.IMPORT_TOKEN = IMPORT_TOKEN
    expect([code, said]).toEqual([
      1,
      expect.stringContaining('has set no IMPORT_TOKEN, so profiles can be imported only'),
    ])
  })

  it('without a server it works by itself, and answers what was asked for on GitHub meanwhile', async () => {
    const repo = world.repository('talk')
    world.gh.person('zoe', 'newcomer')
    world.gh.person('yan', 'newcomer')
    const { number } = world.gh.as('ada').openIssue(repo, { title: 'Talk' })
    await world.idle()
    // The server is stopped while yan's import is on its way.
    const mend = world.gh.fault(graphqlFaults.hang({ asking: 'yan', times: 100 }))
    const from = world.gh.requests.length
    world.gh.as('yan').comment(repo, number, '/wl import')
    await until(() => asked(world, from).length > 0)
    await world.restart(async () => {
      mend()
      world.gh.fault({ path: /^\/graphql$/, asking: 'zoe', delayMs: 3_000 })
      const { code, said } = await run('import', 'zoe')
      expect([code, said]).toEqual([0, expect.stringContaining('zoe: imported, under the handle zoe')])
      expect(world.said(repo, number)).toEqual([expect.stringMatching(/^Imported the character sheet of yan/)])
    })
    await world.idle()
    expect(world.said(repo, number)).toHaveLength(1)
  })
})
