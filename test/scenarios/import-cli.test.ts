import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphqlFaults } from '../../local-github/graphql/faults.ts'
import { runBeside } from './cli.ts'
import { until } from '../ops/fake-server.ts'
import { asked } from './importing.ts'
import { startWorld, type World } from './world.ts'

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
      said: 'Not understood. Expected: wasteland-bridge import <login…>\n',
    })
  })

  it('goes on with the others, and ends with 1 where one came to nothing', async () => {
    world.gh.person('ida', 'newcomer')
    const { code, said } = await run('import', 'nobody-here', 'ida')
    expect(code).toBe(1)
    expect(said).toContain('ida: imported, under the handle ida')
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
