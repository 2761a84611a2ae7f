import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/local-github/faults.ts'
import { openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

/*
 * What each command and event asks of GitHub, call by call. `cold`: nothing was asked for a minute. `warm`: the same
 * once more within that minute. A call that stands here costs every installation of its hourly limit, and whoever
 * waits for the answer its time; one that GitHub answered with 304 costs only the time.
 */
describe('calls of GitHub', () => {
  let world: World
  let time = Date.now()
  beforeAll(async () => {
    // No sweep in between, and no minute that ends by itself.
    world = await startWorld({ clock: { now: () => new Date(time), sweepMs: 24 * 3_600_000 } })
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  /** The calls until all is done, as lines `2 GET /repos/…`, sorted; and how many of them were answered with 304. */
  async function callsOf(act: () => unknown): Promise<{ calls: string[]; unchanged: number }> {
    const seen: Exchange[] = []
    const stop = world.gh.onExchange((exchange) => void seen.push(exchange))
    act()
    await world.idle()
    stop()
    const counts = new Map<string, number>()
    for (const call of seen.map(nameOf)) counts.set(call, (counts.get(call) ?? 0) + 1)
    const calls = [...counts].map(([call, count]) => (count === 1 ? call : `${call} ×${count}`)).toSorted()
    return { calls, unchanged: seen.filter(({ unchanged }) => unchanged).length }
  }

  function nameOf({ method, template, body }: Exchange): string {
    const asked = /closingIssuesReferences|closedByPullRequestsReferences|userContentEdits/.exec(
      String(body?.query),
    )?.[0]
    return asked === undefined ? `${method} ${template}` : `graphql ${asked}`
  }

  /** The same twice, the first time after more than a minute. */
  async function coldAndWarm(first: () => unknown, second: () => unknown) {
    time += 61_000
    const cold = await callsOf(first)
    const warm = await callsOf(second)
    console.log(expect.getState().currentTestName, JSON.stringify({ cold, warm }, null, 1))
    return { cold, warm }
  }

  /** Two pull requests of bob's in review, each for an item of its own. */
  async function twoInReview(name: string): Promise<{ repo: string; numbers: number[]; ids: string[] }> {
    const repo = world.repository(name)
    const ids = [await postItem(world, repo, 'One'), await postItem(world, repo, 'Two')]
    const numbers = ids.map((id) => openPull(world, repo, 'bob', { body: `Wanted: ${id}` }))
    await world.idle()
    return { repo, numbers, ids }
  }

  it('/wl stamp on a pull request', async () => {
    const { repo, numbers, ids } = await twoInReview('stamped')
    const stamp = (n: number) => () => world.gh.as('mia').comment(repo, numbers[n]!, '/wl stamp quality=4')
    const { cold, warm } = await coldAndWarm(stamp(0), stamp(1))
    expect({ cold, warm }).toBeDefined()
    for (const id of ids) expect((await recorded(world, id)).status).toBe('completed')
  })

  it('/wl stamp in an approval', async () => {
    const { repo, numbers, ids } = await twoInReview('approved')
    const approve = (n: number) => () =>
      world.gh.as('mia').review(repo, numbers[n]!, { state: 'APPROVE', body: '/wl stamp quality=4' })
    const { cold, warm } = await coldAndWarm(approve(0), approve(1))
    expect({ cold, warm }).toBeDefined()
    for (const id of ids) expect((await recorded(world, id)).status).toBe('completed')
  })

  it('/wl reject', async () => {
    const { repo, numbers, ids } = await twoInReview('rejected')
    const reject = (n: number) => () => world.gh.as('mia').comment(repo, numbers[n]!, '/wl reject reason="No tests"')
    const { cold, warm } = await coldAndWarm(reject(0), reject(1))
    expect({ cold, warm }).toBeDefined()
    for (const id of ids) expect((await recorded(world, id)).status).toBe('claimed')
  })

  it('a push', async () => {
    const { repo, numbers } = await twoInReview('pushed')
    const push = (n: number) => () => world.gh.as('bob').push(repo, numbers[n]!, { files: { 'src/more.ts': 'more\n' } })
    const { cold, warm } = await coldAndWarm(push(0), push(1))
    expect({ cold, warm }).toBeDefined()
  })

  it('a merge of stamped work', async () => {
    const { repo, numbers } = await twoInReview('merged')
    for (const number of numbers) world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    const merge = (n: number) => () => world.gh.as(OWNER).merge(repo, numbers[n]!)
    const { cold, warm } = await coldAndWarm(merge(0), merge(1))
    expect({ cold, warm }).toBeDefined()
  })

  it('a check suite that ends', async () => {
    const { repo, numbers } = await twoInReview('checked')
    const check = (n: number) => () =>
      world.gh.as(OWNER).addCheckRun(repo, {
        sha: world.gh.pull(repo, numbers[n]!).head.sha,
        name: 'tests',
        conclusion: 'success',
      })
    const { cold, warm } = await coldAndWarm(check(0), check(1))
    expect({ cold, warm }).toBeDefined()
  })

  it('a label', async () => {
    const repo = world.repository('labelled')
    const ids = [await postItem(world, repo, 'One'), await postItem(world, repo, 'Two')]
    const numbers = [openPull(world, repo, 'bob'), openPull(world, repo, 'bob')]
    await world.idle()
    const label = (n: number) => () => world.gh.as('mia').label(repo, numbers[n]!, `wl:${ids[n]}`)
    const { cold, warm } = await coldAndWarm(label(0), label(1))
    expect({ cold, warm }).toBeDefined()
    for (const id of ids) expect((await recorded(world, id)).status).toBe('in_review')
  })

  it('/wl post', async () => {
    const repo = world.repository('posted')
    const issues = ['One', 'Two'].map((title) => world.gh.as(OWNER).openIssue(repo, { title }))
    await world.idle()
    const post = (n: number) => () => world.gh.as(OWNER).comment(repo, issues[n]!.number, '/wl post')
    const { cold, warm } = await coldAndWarm(post(0), post(1))
    expect({ cold, warm }).toBeDefined()
  })

  it('/wl claim', async () => {
    const repo = world.repository('claimed')
    const issues = ['One', 'Two'].map((title) => world.gh.as(OWNER).openIssue(repo, { title }))
    for (const { number } of issues) world.gh.as(OWNER).comment(repo, number, '/wl post')
    await world.idle()
    const claim = (n: number) => () => world.gh.as('bob').comment(repo, issues[n]!.number, '/wl claim')
    const { cold, warm } = await coldAndWarm(claim(0), claim(1))
    expect({ cold, warm }).toBeDefined()
  })
})
