import { expect, test } from 'vitest'
import { aliased, queryNamed, startPeople } from './ask.ts'

const login = 'prolific-maintainer'
const year = { from: '2025-11-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }
const logins = (count: number) => Array.from({ length: count }, (_, n) => `person-${String(n).padStart(6, '0')}`)
const user = (inner: string) => (name: string) => `user(login: "${name}") { ${inner} }`

const repositories = `repositories(first: 12, ownerAffiliations: OWNER, isFork: false, privacy: PUBLIC) { nodes { ...RepoRich } }`
const search = (name: string, is: string, first: number) =>
  `search(type: ISSUE, query: "is:pr ${is} author:${name} -user:${name}", first: ${first})`

/** The external pull requests of many, with both counts. */
const externals = aliased(logins(5), (name) => `${search(name, 'is:merged', 30)} { nodes { ...PrSample } }`)
const externalsAndCounts = externals.replace(
  '{ rateLimit',
  `{ ${logins(5)
    .map(
      (name, at) =>
        `m${at}: ${search(name, 'is:merged', 1)} { issueCount } c${at}: ${search(name, 'is:closed is:unmerged', 1)} { issueCount }`,
    )
    .join(' ')} rateLimit`,
)

// The table of the importer's notes (shared/importer/README.md), as measured at GitHub.
test.each<[string, string, object, number, number]>([
  ['identity', queryNamed('IdentityOne'), { login }, 1, 10],
  ['a year', queryNamed('YearOne'), { login, ...year }, 1, 0],
  ['half a year', queryNamed('YearHalf'), { login, from: '2026-05-01T00:00:00Z', to: year.to }, 1, 0],
  ['20 owned repositories', queryNamed('OwnedRepos'), { login }, 1, 400],
  ['20 repositories contributed to', queryNamed('ContributedRepos'), { login }, 1, 400],
  ['50 pull requests', queryNamed('PrSampleOne'), { login }, 2, 200],
  ['counts by search', queryNamed('ExternalCounts'), { m: 'x', c: 'x', r: 'x', rx: 'x' }, 1, 4],
  ['40 reviews', queryNamed('ReviewsGiven'), { login, ...year }, 1, 40],
  ['identity of 20', aliased(logins(20), user('...Identity')), {}, 2, 200],
  ['a year of 5', aliased(logins(5), user('contributionsCollection { ...YearTotals }')), {}, 1, 0],
  ['12 repositories of 5', aliased(logins(5), user(repositories)), {}, 4, 1200],
  ['30 external pull requests of 5', externalsAndCounts, {}, 6, 610],
])('%s costs what it costs at GitHub', async (_name, query, variables, points, nodes) => {
  const { ask, gh, token } = await startPeople()
  const { data, errors } = await ask(query, variables)
  expect(errors).toBeUndefined()
  expect([data.rateLimit.cost, data.rateLimit.nodeCount]).toEqual([points, nodes])
  expect(gh.limits.usage(token)).toEqual({ rest: 0, graphql: 1, points })
})

test('revisions of 10 pull requests and the evidence of 5 repositories cost what they cost at GitHub', async () => {
  const { ask } = await startPeople()
  const sample = await ask(`{ user(login: "${login}") { pullRequests(first: 10) { nodes { id } } } }`)
  const ids = sample.data.user.pullRequests.nodes.map((node: { id: string }) => node.id)
  const revisions = await ask(queryNamed('RevisionsDeep'), { ids })
  expect(revisions.errors).toBeUndefined()
  expect(revisions.data.rateLimit).toMatchObject({ cost: 6, nodeCount: 1210 })
  const names = ['http-lib', 'router', 'cfg', 'small-3', 'small-4']
  const repositories = Object.fromEntries(
    names.flatMap((name, at) => [
      [`o${at}`, login],
      [`n${at}`, name],
    ]),
  )
  const evidence = await ask(queryNamed('RepoEvidence'), repositories)
  expect(evidence.errors).toBeUndefined()
  expect(evidence.data.rateLimit).toMatchObject({ cost: 1, nodeCount: 50 })
})

test('GitHub’s own examples have the nodes that its documentation counts', async () => {
  const { ask } = await startPeople()
  const comments = 'comments(first: 10) { nodes { id } }'
  const simple = `{ rateLimit(dryRun: true) { nodeCount cost } viewer { repositories(first: 50) { nodes { issues(first: 10) { totalCount nodes { title } } } } } }`
  expect((await ask(simple)).data).toEqual({ rateLimit: { nodeCount: 550, cost: 1 } })
  const complex = `{ rateLimit(dryRun: true) { nodeCount cost } viewer {
    repositories(first: 50) { edges { node {
      pullRequests(first: 20) { edges { node { title ${comments} } } }
      issues(first: 20) { totalCount edges { node { title ${comments} } } } } } }
    followers(first: 10) { edges { node { login } } } } }`
  expect((await ask(complex)).data).toEqual({ rateLimit: { nodeCount: 22_060, cost: 21 } })
})

test('a dry run tells the price, runs nothing and pays nothing', async () => {
  const { ask, gh, token } = await startPeople()
  const query = `query ($dry: Boolean!) { rateLimit(dryRun: $dry) { cost used } user(login: "nobody-here") { login } }`
  expect(await ask(query, { dry: true })).toEqual({ data: { rateLimit: { cost: 1, used: 0 } } })
  expect(gh.limits.usage(token)).toEqual({ rest: 0, graphql: 1, points: 0 })
})
