import { expect, test } from 'vitest'
import { aliased, queryNamed, startPeople } from './ask.ts'

const year = { from: '2025-11-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }

test.each(['nobody-here', 'suspended', 'an-organization', 'bot[bot]', 'person-999999'])(
  '%s is no user: NOT_FOUND for that alias, and the others answer',
  async (login) => {
    const { ask } = await startPeople()
    const logins = ['reviewer', login, 'person-000003']
    const { data, errors } = await ask(aliased(logins, (each) => `user(login: "${each}") { login }`))
    expect([data.a0, data.a1, data.a2]).toEqual([{ login: 'reviewer' }, null, { login: 'person-000003' }])
    expect(errors).toMatchObject([
      { type: 'NOT_FOUND', path: ['a1'], message: `Could not resolve to a User with the login of '${login}'.` },
    ])
  },
)

test('an organization answers as one, and nobody else does', async () => {
  const { ask } = await startPeople()
  const { data, errors } = await ask(`{ a: organization(login: "an-organization") { login databaseId }
    b: organization(login: "reviewer") { login } c: repositoryOwner(login: "an-organization") { __typename }
    d: repositoryOwner(login: "reviewer") { __typename } e: repositoryOwner(login: "nobody-here") { __typename } }`)
  expect(data).toEqual({
    a: { login: 'an-organization', databaseId: expect.any(Number) },
    b: null,
    c: { __typename: 'Organization' },
    d: { __typename: 'User' },
    e: null,
  })
  expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['b'] }])
})

test('a renamed account keeps its id, and its old login may be another’s', async () => {
  const { gh, ask } = await startPeople()
  const { id } = gh.person('old-name', 'reviewer')
  gh.renameUser('old-name', 'new-name')
  const of = async (login: string) =>
    (await ask(`{ user(login: "${login}") { databaseId followers { totalCount } } }`)).data.user
  expect(await of('old-name')).toBeNull()
  expect(await of('new-name')).toEqual({ databaseId: id, followers: { totalCount: 240 } })
  const again = gh.person('old-name', 'newcomer')
  expect(await of('old-name')).toEqual({ databaseId: again.id, followers: { totalCount: 6 } })
  gh.deleteUser('new-name')
  expect(await of('new-name')).toBeNull()
})

test('an account without a character is somebody of whom there is nothing to tell', async () => {
  const { gh, ask } = await startPeople()
  gh.user('plain')
  const { data, errors } = await ask(queryNamed('IdentityOne'), { login: 'plain' })
  expect(errors).toBeUndefined()
  expect(data.user).toMatchObject({ login: 'plain', followers: { totalCount: 0 }, ownedSources: { totalCount: 0 } })
})

test('a private profile shows no contributions, and to search for what they wrote is an error', async () => {
  const { ask } = await startPeople()
  const { data } = await ask(queryNamed('YearHalf'), { login: 'private-profile', ...year })
  expect(data.user.contributionsCollection).toMatchObject({ totalCommitContributions: 0, totalIssueContributions: 0 })
  const found = await ask(`{ search(type: ISSUE, query: "is:pr author:private-profile", first: 1) { issueCount } }`)
  expect(found).toMatchObject({
    data: null,
    errors: [{ path: ['search'], message: expect.stringContaining('cannot be searched') }],
  })
})

test('much history is too much for a year and for the repositories contributed to, not for half a year', async () => {
  const { ask } = await startPeople()
  const login = 'much-history'
  const whole = await ask(queryNamed('YearOne'), { login, ...year })
  const path = ['user', 'contributionsCollection']
  expect(whole).toMatchObject({ data: { user: null }, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', path }] })
  const half = await ask(queryNamed('YearHalf'), { login, from: '2026-05-01T00:00:00Z', to: year.to })
  expect(half.errors).toBeUndefined()
  const contributed = await ask(queryNamed('ContributedRepos'), { login })
  expect(contributed.errors).toMatchObject([{ type: 'RESOURCE_LIMITS_EXCEEDED' }])
})

test('more than a year of contributions is refused', async () => {
  const { ask } = await startPeople()
  const { errors } = await ask(queryNamed('YearHalf'), { login: 'reviewer', from: '2024-01-01T00:00:00Z', to: year.to })
  expect(errors).toMatchObject([{ message: expect.stringContaining('must not exceed 1 year') }])
})

test.each([
  'no-repositories',
  'many-repositories',
  'right-to-left',
  'long-name',
  'strange-bio',
  'huge-numbers',
  'person-000000',
  'person-000999',
])('%s answers every query about one person', async (login) => {
  const { ask } = await startPeople()
  for (const name of ['IdentityOne', 'YearOne', 'OwnedRepos', 'ContributedRepos', 'PrSampleOne', 'ReviewsGiven']) {
    const { errors } = await ask(queryNamed(name), { login, ...year })
    expect([name, errors]).toEqual([name, undefined])
  }
})

test('huge numbers are told whole', async () => {
  const { ask } = await startPeople()
  const { data } = await ask(queryNamed('IdentityOne'), { login: 'huge-numbers' })
  expect([data.user.followers.totalCount, data.user.issuesOpened.totalCount]).toEqual([2 ** 31 - 1, 2 ** 31 - 1])
})

test('an account with a character is the viewer of its own token, and the REST API tells the same', async () => {
  const { gh, ask } = await startPeople()
  const { token, id } = gh.person('alice', { as: 'polyglot', bio: 'Many tongues' })
  const { data } = await ask('{ viewer { login databaseId bio followers { totalCount } } }', {}, token)
  expect(data.viewer).toEqual({ login: 'alice', databaseId: id, bio: 'Many tongues', followers: { totalCount: 420 } })
  const rest = await fetch(`${gh.url}/api/v3/users/alice`)
  expect(await rest.json()).toMatchObject({ id, bio: 'Many tongues', followers: 420 })
})

test('a name that is no character’s is refused, with the names there are', async () => {
  const { gh } = await startPeople()
  expect(() => gh.person('alice', 'polyglott')).toThrow(/polyglott: .*torvalds_like/)
})
