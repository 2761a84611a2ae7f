import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aliased, QUERY_NAMES, queryNamed, startPeople } from './ask.ts'

const day = (text: string) => `${text}T00:00:00Z`
const windows: [string, string][] = [2022, 2023, 2024, 2025].map((year) => [
  day(`${year}-11-01`),
  day(`${year + 1}-11-01`),
])
const login = 'prolific-maintainer'
const external = `author:${login} -user:${login}`
const variables = {
  login,
  from: day('2025-11-01'),
  to: day('2026-11-01'),
  q: 'followers:>1000',
  m: `is:pr is:merged is:public ${external}`,
  c: `is:pr is:closed is:unmerged is:public ${external}`,
  r: `is:pr is:public reviewed-by:${login} -author:${login}`,
  rx: `is:pr is:public reviewed-by:${login} -author:${login} -user:${login}`,
  byFollowers: 'followers:>3200',
  byStars: 'stars:>14000',
  ids: [],
  ...Object.fromEntries(
    ['http-lib', 'router', 'cfg', 'small-3', 'fork-90'].flatMap((name, at) => [
      [`o${at}`, login],
      [`n${at}`, name],
    ]),
  ),
}

test.each(QUERY_NAMES)('%s is answered whole, and the same twice', async (name) => {
  const [one, other] = [await startPeople(), await startPeople()]
  const query = queryNamed(name).replace('rateLimit {', 'rateLimit { limit')
  const answer = await one.ask(query, variables)
  expect(answer.errors).toBeUndefined()
  const { rateLimit, ...data } = answer.data
  expect(rateLimit).toMatchObject({ limit: 5000, used: rateLimit.cost, remaining: 5000 - rateLimit.cost })
  const here = JSON.stringify(data).replaceAll(one.gh.url, '')
  expect(here.length).toBeGreaterThan(10)
  expect(here).toBe(
    JSON.stringify((await other.ask(query, variables)).data, without('rateLimit')).replaceAll(other.gh.url, ''),
  )
})

const without = (name: string) => (key: string, value: unknown) => (key === name ? undefined : value)

const profiles: Record<string, { commits: number; reviews: number; followers: number; ext: { merged: number }[] }> =
  JSON.parse(readFileSync(new URL('../../../local-github/people/profiles.json', import.meta.url), 'utf8')).profiles

test.each(Object.entries(profiles).filter(([name]) => name !== 'bot'))(
  '%s is told of as its profile says',
  async (name, profile) => {
    const { ask } = await startPeople()
    const who = name.replaceAll('_', '-')
    const windowsOf = Array.from({ length: 17 }, (_, ago) => [day(`${2025 - ago}-11-01`), day(`${2026 - ago}-11-01`)])
    const years = windowsOf.map(
      ([from, to], at) => `y${at}: contributionsCollection(from: "${from}", to: "${to}") { ...YearTotals }`,
    )
    const { data, errors } = await ask(
      aliased([who], () => `user(login: "${who}") { ...Identity ${years.join(' ')} }`).replace(
        '{',
        `{ merged: search(type: ISSUE, query: "is:pr is:merged author:${who} -user:${who}", first: 1) { issueCount }`,
      ),
    )
    expect(errors).toBeUndefined()
    const sum = (key: string) => windowsOf.reduce((total, _, at) => total + data.a0[`y${at}`][key], 0)
    expect({
      login: data.a0.login,
      followers: data.a0.followers.totalCount,
      commits: sum('totalCommitContributions'),
      reviews: sum('totalPullRequestReviewContributions'),
      merged: data.merged.issueCount,
    }).toEqual({
      login: who,
      followers: profile.followers,
      commits: profile.commits,
      reviews: profile.reviews,
      merged: profile.ext.reduce((total, each) => total + each.merged, 0),
    })
  },
)

test('the pages of a list hold each once, and those of a search end at a thousand', async () => {
  const { ask } = await startPeople({ people: { count: 3000 } })
  const names: string[] = []
  let after: string | null = null
  for (let page = 0; page < 60; page++) {
    const { data, errors } = await ask(queryNamed('OwnedRepos'), { login: 'many-repositories', n: 100, after })
    expect(errors).toBeUndefined()
    const { nodes, pageInfo, totalCount } = data.user.repositories
    expect(totalCount).toBe(5000)
    names.push(...nodes.map((node: { nameWithOwner: string }) => node.nameWithOwner))
    after = pageInfo.endCursor
    if (!pageInfo.hasNextPage) break
  }
  expect(new Set(names).size).toBe(5000)
  const found = new Set<number>()
  for (after = null; ;) {
    const { data } = await ask(queryNamed('DiscoverUsers'), { q: 'followers:>=0', after })
    expect(data.search.userCount).toBe(3000)
    for (const node of data.search.nodes) found.add(node.databaseId)
    after = data.search.pageInfo.endCursor
    if (!data.search.pageInfo.hasNextPage) break
  }
  expect(found.size).toBe(1000)
})

test('slices of followers and stars meet without gap or overlap', async () => {
  const { ask } = await startPeople({ people: { count: 3000 } })
  const slices = ['<=400', '401..2000', '>2000', '>=0']
  const fields = slices.map(
    (range, at) => `u${at}: search(type: USER, query: "followers:${range}", first: 1) { userCount }
      r${at}: search(type: REPOSITORY, query: "stars:${range}", first: 1) { repositoryCount }`,
  )
  const { data } = await ask(`{ ${fields.join('\n')} }`)
  const [users, repositories] = ['u', 'r'].map((of) =>
    slices.map((_, at) => data[`${of}${at}`].userCount ?? data[`${of}${at}`].repositoryCount),
  )
  expect(users).toEqual([expect.any(Number), expect.any(Number), expect.any(Number), 3000])
  for (const [low, middle, high, all] of [users!, repositories!]) expect(low! + middle! + high!).toBe(all)
  for (const each of users!) expect(each).toBeGreaterThan(0)
})

test('half years hold together what the year holds', async () => {
  const { ask } = await startPeople()
  const totals = async (from: string, to: string) => {
    const { data } = await ask(queryNamed('YearHalf'), { login, from, to })
    return data.user.contributionsCollection.totalCommitContributions
  }
  for (const [from, to] of windows) {
    const middle = from.replace('-11-', '-12-')
    expect((await totals(from, middle)) + (await totals(middle, to))).toBe(await totals(from, to))
  }
})

test('a pull request found is the same by its id, in lists of any states and in search', async () => {
  const { ask } = await startPeople()
  const fields = 'id number url state createdAt mergedAt additions'
  const { data } = await ask(`{
    user(login: "${login}") { merged: pullRequests(first: 60, states: [MERGED]) { nodes { ${fields} } }
      all: pullRequests(first: 100) { nodes { ${fields} } } }
    search(type: ISSUE, query: "is:pr is:merged ${external}", first: 20) { nodes { ... on PullRequest { ${fields} } } } }`)
  type Pull = { id: string; createdAt: string }
  const merged: Pull[] = data.user.merged.nodes
  const all: Pull[] = data.user.all.nodes
  expect(merged.map((pull) => pull.createdAt)).toEqual(
    merged
      .map((pull) => pull.createdAt)
      .toSorted()
      .toReversed(),
  )
  const ids = new Map(all.map((pull) => [pull.id, pull]))
  const shared = merged.filter((pull) => ids.has(pull.id))
  expect(shared.length).toBeGreaterThan(40)
  for (const pull of shared) expect(ids.get(pull.id)).toEqual(pull)
  const found: Pull[] = data.search.nodes
  const again = await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest { ${fields} } } }`, {
    ids: found.map((pull) => pull.id),
  })
  expect(again.data.nodes).toEqual(found)
  const one = await ask(`query ($id: ID!) { node(id: $id) { ... on PullRequest { ${fields} } } }`, { id: found[0]!.id })
  expect(one.data.node).toEqual(found[0])
})
