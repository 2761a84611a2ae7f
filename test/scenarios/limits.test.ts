import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../local-github/local-github.ts'
import { history, inReview, openPull, OWNER, postItems, recorded, startWorld, type World } from './world.ts'
import { deadLetters, mostFailures } from '../queue-rows.ts'

describe('GitHub makes us wait', { timeout: 120_000 }, () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ config: { ADMIT: ['acme'] } })
    world.gh.user('acme')
    world.gh.repository('acme/first')
    world.gh.as('acme').installApp({ account: 'acme' })
  }, 120_000)
  afterAll(() => world.close())

  let ends: (() => void)[] = []
  afterEach(() => {
    for (const end of ends) end()
    ends = []
  })

  /** Orders faults and tells of the requests they hit. */
  function fault(...ordered: Fault[]): { end(): void; hit: number[] } {
    const hit: number[] = []
    const over = [
      world.gh.onExchange(({ faulty }) => void (faulty && hit.push(Date.now()))),
      ...ordered.map((one) => world.gh.fault(one)),
    ]
    const end = () => over.forEach((one) => one())
    ends.push(end)
    return { end, hit }
  }

  function repositoryOf(account: string, name: string): string {
    if (account === OWNER) return world.repository(name)
    world.gh.repository(`${account}/${name}`, { files: { a: 'a' }, collaborators: { mia: 'maintain' } })
    return `${account}/${name}`
  }

  const statusOf = async (id: string) => (await recorded(world, id)).status
  const become = async (id: string, status: string) =>
    await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe(status)
  const hitOnce = async (hit: number[]) => await expect.poll(() => hit.length, { timeout: 30_000 }).toBeGreaterThan(0)

  /** What waited for GitHub has cost no try. */
  async function nothingFailed() {
    expect(await mostFailures(world.ops, 'deliveries')).toBe(0)
    expect(await deadLetters(world.ops)).toEqual([])
  }

  /** In review, each step once, with one comment. */
  async function servedOnce(repo: string, number: number, id: string) {
    const did = [`wl claim: ${id} — bob`, `wl done: ${id} — bob`]
    expect((await history(world, id)).slice(1)).toEqual(did)
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
  }

  it('an installation with nothing left is asked nothing until its reset, and another goes on meanwhile', async () => {
    const places = [OWNER, OWNER, OWNER, 'acme'].map((account, n) => repositoryOf(account, `spent-${n}`))
    const ids = await postItems(world, [places[0]!, places[0]!, places[0]!, places[0]!])
    const open = (n: number) => openPull(world, places[n]!, 'bob', { body: `Wanted: ${ids[n]}` })
    const reset = Math.floor(Date.now() / 1000) + 3
    const spent = {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
      body: { message: 'API rate limit exceeded for installation ID 1.' },
      times: Infinity,
    }
    const limit = fault(
      { ...spent, path: new RegExp(`^/repos/${OWNER}/`) },
      // The other installation asks for an issue here, too.
      { ...spent, path: /^\/graphql$/, asking: ['fragment pull on', `:"${OWNER}"`] },
    )
    const numbers = [open(0)]
    await hitOnce(limit.hit)
    numbers.push(open(1), open(2), open(3))
    await become(ids[3]!, 'in_review')
    expect(await Promise.all(ids.slice(0, 3).map(statusOf))).toEqual(['open', 'open', 'open'])
    limit.end()
    await world.idle()
    expect(limit.hit.filter((at) => at < reset * 1000).length).toBeLessThanOrEqual(1)
    for (const [n, repo] of places.entries()) await servedOnce(repo, numbers[n]!, ids[n]!)
    await nothingFailed()
  })

  it('a secondary limit at a comment: nothing is asked until the time is over, and it is written once', async () => {
    const repo = world.repository('secondary')
    const other = world.repository('secondary-too')
    const [id, second] = await postItems(world, [repo, other])
    const limit = fault({
      method: 'POST',
      path: /\/issues\/\d+\/comments$/,
      status: 403,
      headers: { 'retry-after': '2' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    })
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await hitOnce(limit.hit)
    const asked: number[] = []
    ends.push(world.gh.onRequest(({ auth }) => void (auth === 'installation' && asked.push(Date.now()))))
    const late = openPull(world, other, 'bob', { body: `Wanted: ${second}` })
    await world.idle()
    expect(Math.min(...asked) - limit.hit[0]!).toBeGreaterThan(1_900)
    await servedOnce(repo, number, id!)
    await servedOnce(other, late, second!)
    await nothingFailed()
  })

  it('GraphQL with nothing left says so with status 200, and is waited for as well', async () => {
    const repo = world.repository('graphql')
    const [id] = await postItems(world, [repo])
    const reset = Math.floor(Date.now() / 1000) + 2
    const limit = fault({
      path: /^\/graphql/,
      status: 200,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
      body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation ID 1.' }] },
    })
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    expect(limit.hit).toHaveLength(1)
    await servedOnce(repo, number, id!)
    await nothingFailed()
  })

  it.each([
    ['cut', { drop: true }],
    ['half of it', { status: 201, body: '{"id": 1' }],
  ])(
    'the answers to a comment, an edit and a reaction lost, each twice (%s): each was done once',
    async (name, lost) => {
      const repo = world.repository(`lost-${name.replace(/\W/g, '')}`)
      const at = (method: string, path: string): Fault => ({
        method,
        path: new RegExp(`^/repos/${repo}/${path}`),
        times: 2,
        after: true,
        ...lost,
      })
      const faults = [at('POST', 'issues/\\d+/comments$'), at('PATCH', 'issues/comments/'), at('POST', '.*/reactions$')]
      // What edits the comment and the check at once tells nothing of what it did.
      fault({ path: /^\/graphql/, asking: ['mutation Publish(', repo], times: 2, after: true, ...lost })
      const hits = faults.map((each) => fault(each))
      const { id, number } = await inReview(world, repo)
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
      await world.idle()
      expect((await recorded(world, id)).stamps).toHaveLength(1)
      expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
      const [command] = world.gh.comments(repo, number).filter(({ body }) => body.startsWith('/wl'))
      expect(world.gh.reactions(command.id)).toHaveLength(1)
      expect(hits[0]!.hit.length).toBeGreaterThanOrEqual(4)
      await nothingFailed()
    },
  )

  it('a repository that always hangs holds up no other of its account, and is asked little', async () => {
    const [bad, good] = [world.repository('hangs'), world.repository('answers')]
    const [wanted, id] = await postItems(world, [bad, good])
    const hangs = { delayMs: 2_000, drop: true, times: Infinity }
    const hang = fault(
      { ...hangs, path: new RegExp(`^/repos/${bad}`) },
      { ...hangs, path: /^\/graphql$/, asking: ':"hangs"' },
    )
    const many = Array.from({ length: 30 }, () => openPull(world, bad, 'bob', { body: `Wanted: ${wanted}` }))
    await hitOnce(hang.hit)
    const number = openPull(world, good, 'bob', { body: `Wanted: ${id}` })
    await become(id!, 'in_review')
    expect(await statusOf(wanted!)).toBe('open')
    expect(hang.hit.length).toBeLessThan(50)
    hang.end()
    await world.idle()
    await servedOnce(good, number, id!)
    expect(many.map((one) => world.said(bad, one).length)).toEqual(many.map(() => 1))
    await nothingFailed()
  })

  it('a token that ran out before its time is renewed', async () => {
    const repo = world.repository('expired')
    const [id] = await postItems(world, [repo])
    world.gh.clock.advance(3_700)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    await servedOnce(repo, number, id!)
    await nothingFailed()
  })

  it('a suspended installation’s work waits until it is let in again', async () => {
    const repo = world.repository('suspended')
    const [id] = await postItems(world, [repo])
    world.gh.hold()
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    world.gh.as(OWNER).suspendApp(OWNER)
    const before = world.gh.requests.length
    world.gh.release()
    await expect.poll(() => world.gh.requests.length, { timeout: 30_000 }).toBeGreaterThan(before)
    await world.gh.settled()
    expect(await statusOf(id!)).toBe('open')
    world.gh.as(OWNER).unsuspendApp(OWNER)
    await world.idle()
    await servedOnce(repo, number, id!)
    await nothingFailed()
  })

  it('a conversation that is locked, or has no issues, takes no comment: the rows are written all the same', async () => {
    const cases = [
      ['locked', { status: 403, body: { message: 'Unable to create comment because issue is locked.' } }],
      ['disabled', { status: 410, body: { message: 'Issues are disabled for this repo' } }],
      ['spam', { status: 422, body: { message: 'Validation Failed', errors: [{ code: 'unprocessable' }] } }],
    ] as const
    const repos = cases.map(([name]) => world.repository(name))
    const ids = await postItems(world, repos)
    const numbers = cases.map(([, refusal], n) => {
      fault({
        ...refusal,
        method: 'POST',
        path: new RegExp(`^/repos/${repos[n]}/issues/\\d+/comments$`),
        times: Infinity,
      })
      return openPull(world, repos[n]!, 'bob', { body: `Wanted: ${ids[n]}` })
    })
    await world.idle()
    for (const [n, repo] of repos.entries()) {
      expect(await statusOf(ids[n]!)).toBe('in_review')
      expect(world.said(repo, numbers[n]!)).toEqual([])
    }
    await nothingFailed()
  })
})
