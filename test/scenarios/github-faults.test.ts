import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../local-github/local-github.ts'
import { somePoints } from '../crash/points.ts'
import { history, openPull, OWNER, postItem, postItems, recorded, startWorld, type World } from './world.ts'

/** What GitHub may do instead of answering. `after`: it did what was asked all the same. */
const FAULTS = {
  '403': { status: 403 },
  '404': { status: 404 },
  '422': { status: 422 },
  '429 with retry-after': { status: 429, headers: { 'retry-after': '1' } },
  'a secondary limit': { status: 403, headers: { 'retry-after': '1' } },
  '500': { status: 500 },
  '502': { status: 502 },
  'a cut connection': { drop: true },
  'a connection cut after the deed': { drop: true, after: true },
  '500 after the deed': { status: 500, after: true },
} satisfies Record<string, Fault>

const REFUSALS = new Set(['403', '404', '422'])

/** Asked only where the query for the whole pull request does not tell it. */
const PARTS = {
  'GET pull request': ['GET', '/pulls/\\d+$'],
  'GET commits': ['GET', '/pulls/\\d+/commits'],
  'GET reviews': ['GET', '/pulls/\\d+/reviews'],
  'GET check runs': ['GET', '/commits/\\w+/check-runs'],
  'GET statuses': ['GET', '/commits/\\w+/status'],
  'GET events': ['GET', '/issues/\\d+/events'],
} as const
/** How that query is refused meanwhile: no fault below has this status. */
const REFUSED = 451

const ENDPOINTS = {
  ...PARTS,
  'query pull request': ['GraphQL', 'query PullRequest('],
  'query head and base': ['GraphQL', 'query PullRequestEnds('],
  'list comments': ['GraphQL', 'CommentAuthors'],
  'POST comment': ['POST', '/issues/\\d+/comments'],
  'PATCH comment': ['PATCH', '/issues/comments/\\d+$'],
  'mutate comment and check': ['Mutation', 'mutation Publish('],
  'POST reaction': ['POST', '/issues/comments/\\d+/reactions$'],
  'GET comparison': ['GET', '/compare/[0-9a-f.]+$'],
  'GET files': ['GET', '/pulls/\\d+/files'],
  'PATCH check run': ['PATCH', '/check-runs/\\d+$'],
  'GET permission': ['GET', '/collaborators/mia/permission'],
  'GET one commit': ['GET', '/commits/[0-9a-f]{40}$'],
} as const

/** Some are asked only where GitHub does not tell it otherwise. */
const UNTOLD: Readonly<Record<string, Fault>> = {
  'list comments': { path: /^\/graphql/, asking: 'query PullRequest(' },
  'PATCH comment': { path: /^\/graphql/, asking: 'mutation Publish(' },
  'POST reaction': { path: /^\/graphql/, asking: 'mutation Publish(' },
  'PATCH check run': { path: /^\/graphql/, asking: 'query PullRequest(' },
  'query head and base': { path: /\/compare\// },
  'GET files': { path: /\/compare\// },
  'GET one commit': { path: /^\/graphql/, asking: ['additions', '$ids'] },
}

describe('GitHub answers wrongly', () => {
  let world: World
  let hit: Set<string>
  /** The repositories of items: a mutation names none. */
  const repositories = new Map<string, string>()
  const repoOf = (body?: { variables?: { repo?: string } }) => {
    const variables = JSON.stringify(body?.variables ?? {})
    return body?.variables?.repo ?? [...repositories].find(([id]) => variables.includes(id))?.[1]
  }
  beforeAll(async () => {
    world = await startWorld()
    // Each pull request is asked for by itself, so that a fault is of one.
    world.gh.fault({ path: /^\/graphql$/, asking: 'query PullRequests(', status: REFUSED, times: Infinity })
    hit = new Set()
    world.gh.onExchange(({ faulty, status, path, body }) => {
      if (faulty && status !== REFUSED) hit.add(repoOf(body) ?? path.split('/')[3]?.split('?')[0] ?? path)
    })
  }, 120_000)
  afterAll(() => world.close())

  const all = Object.entries(FAULTS) as [keyof typeof FAULTS, Fault][]
  /** Of a question there is no deed. */
  const kindsOf = (method: string) => all.filter(([, fault]) => !method.startsWith('G') || fault.after !== true)

  /** A pull request with a line of mia's in a hundred, so that her commit is looked at too. */
  function pull(repo: string, id: string): number {
    world.gh.user('bob')
    return world.gh.as('bob').openPullRequest({
      repo,
      title: 'Count',
      head: 'count',
      body: `Wanted: ${id}`,
      commits: [{ files: { b: 'b\n'.repeat(99) } }, { files: { m: 'm\n' }, author: 'mia' }],
    }).number
  }

  it.each(Object.entries(ENDPOINTS))('to %s, once: the same rows and one comment', async (endpoint, [method, path]) => {
    const cases = []
    const untold = endpoint in PARTS ? UNTOLD['list comments'] : UNTOLD[endpoint]
    const endRefusal = untold && world.gh.fault({ ...untold, status: REFUSED, times: Infinity })
    const kinds = somePoints(kindsOf(method), endpoint)
    const named = kinds.map(([kind]) => `${endpoint} ${kind}`.toLowerCase().replace(/\W+/g, '-'))
    const ids = await postItems(
      world,
      named.map((name) => world.repository(name)),
    )
    for (const [index, [kind, fault]] of kinds.entries()) {
      const [name, id] = [named[index]!, ids[index]!]
      const repo = `${OWNER}/${name}`
      repositories.set(id, name)
      const end = world.gh.fault(
        method === 'GraphQL' || method === 'Mutation'
          ? { ...fault, path: /^\/graphql/, asking: path.startsWith('mutation') ? [path, id] : [path, `"${name}"`] }
          : { ...fault, method, path: new RegExp(`^/repos/${repo}${path.replace('$', '(\\?|$)')}`) },
      )
      cases.push({ kind, name, repo, id, end, number: pull(repo, id) })
    }
    await world.idle()
    for (const { repo, number } of cases) world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    endRefusal?.()
    for (const { kind, name, repo, id, number, end } of cases) {
      end()
      const { status, completions, stamps } = await recorded(world, id)
      const [comment] = world.gh.comments(repo, number).filter(({ body }) => body.startsWith('/wl'))
      const outcome = {
        name,
        hit: hit.has(name),
        history: (await history(world, id)).map((line) => line.replace(id, 'w-…')),
        rows: [status, completions.length, stamps.length],
        said: world.said(repo, number).map((text) => /\*\*([A-Z].*?)\*\*/.exec(text)?.[1]),
        reactions: world.gh.reactions(comment.id).length,
      }
      // What GitHub refuses to have edited stands until the next change.
      const isStale = endpoint === 'PATCH comment' && (kind === '403' || kind === '422')
      // By a 404 here GitHub means that it does not know the person there.
      if (endpoint === 'GET permission' && kind === '404') continue
      expect(outcome).toEqual({
        name,
        hit: true,
        history: ['wl post: w-… — ada', 'wl claim: w-… — bob', 'wl done: w-… — bob', 'wl accept: w-… — mia'],
        rows: ['completed', 1, 1],
        said: [isStale ? 'In review' : 'Completed'],
        reactions: endpoint === 'POST reaction' && REFUSALS.has(kind) ? 0 : 1,
      })
    }
  })

  it.each([
    ['GET repository', 'GET', '$'],
    ['GET issue', 'GET', '/issues/\\d+$'],
    ['POST label', 'POST', '/issues/\\d+/labels$'],
    ['POST answer', 'POST', '/issues/\\d+/comments$'],
  ])('to a post at %s, once: one item, and one answer', async (endpoint, method, path) => {
    const cases = []
    for (const [kind, fault] of kindsOf(method)) {
      const name = `post ${endpoint} ${kind}`.toLowerCase().replace(/\W+/g, '-')
      const repo = world.repository(name)
      const end = world.gh.fault({ ...fault, method, path: new RegExp(`^/repos/${repo}${path}`) })
      const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'x' })
      world.gh.as(OWNER).comment(repo, number, '/wl post')
      cases.push({ kind, name, repo, number, end })
    }
    await world.idle()
    for (const { kind, name, repo, number, end } of cases) {
      end()
      const rows = await world.sql('SELECT id FROM wanted WHERE description LIKE ?', [`%/${repo}/%`])
      const outcome = { name, hit: hit.has(name), rows: rows.length, said: world.said(repo, number).length }
      const said = endpoint === 'POST answer' && REFUSALS.has(kind) ? 0 : 1
      expect(outcome).toEqual({ name, hit: true, rows: 1, said })
    }
  })

  it('to the App’s own questions at the start: it waits and goes on', async () => {
    const repo = world.repository('token')
    const id = await postItem(world, repo)
    await world.restart(async () => {
      for (const fault of [
        FAULTS['500'],
        FAULTS['a cut connection'],
        FAULTS['429 with retry-after'],
        { status: 401 },
      ]) {
        world.gh.fault({ ...fault, path: /access_tokens$/ })
        world.gh.fault({ ...fault, path: /^\/app$/ })
      }
    })
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('for long to one repository: others are served meanwhile, and it is when GitHub answers again', async () => {
    const [bad, good] = [world.repository('bad'), world.repository('good')]
    const [first, second] = [await postItem(world, bad), await postItem(world, good)]
    const asking = `"repo":"${bad.split('/')[1]}"`
    const ends = [{ path: new RegExp(`^/repos/${bad}/`) }, { path: /^\/graphql/, asking }].map((fault) =>
      world.gh.fault({ ...fault, status: 503, times: 1000 }),
    )
    const late = openPull(world, bad, 'bob', { body: `Wanted: ${first}` })
    openPull(world, good, 'bob', { body: `Wanted: ${second}` })
    await expect.poll(async () => (await recorded(world, second)).status, { timeout: 5_000 }).toBe('in_review')
    expect((await recorded(world, first)).status).toBe('open')
    for (const end of ends) end()
    await world.idle()
    expect((await recorded(world, first)).status).toBe('in_review')
    expect(world.said(bad, late)).toHaveLength(1)
  })
})
