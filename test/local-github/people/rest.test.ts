import { expect, test } from 'vitest'
import { queryNamed, startPeople } from './ask.ts'

type Json = Record<string, unknown> & { items?: Json[]; name?: string; full_name?: string; number?: number }

async function start() {
  const { gh, token, ask } = await startPeople()
  const get = async (path: string) => {
    const answer = await fetch(`${gh.url}/api/v3${path}`, { headers: { authorization: `bearer ${token}` } })
    return { status: answer.status, body: (await answer.json()) as Json & Json[], link: answer.headers.get('link') }
  }
  return { gh, token, ask, get }
}

test('the REST API tells the same of somebody as GraphQL', async () => {
  const { ask, get } = await start()
  const login = 'prolific-maintainer'
  const { data } = await ask(queryNamed('IdentityOne'), { login })
  const { body } = await get(`/users/${login}`)
  const { login: same, databaseId, followers, createdAt, ownedSources, ownedForks } = data.user
  expect(body).toMatchObject({ login: same, id: databaseId, followers: followers.totalCount, created_at: createdAt })
  expect(body['public_repos']).toBe(ownedSources.totalCount + ownedForks.totalCount)
  const owned = await ask(queryNamed('OwnedRepos'), { login, n: 3 })
  const repos = await get(`/users/${login}/repos?per_page=3`)
  expect(repos.link).toContain('rel="next"')
  for (const [at, node] of owned.data.user.repositories.nodes.entries()) {
    expect(repos.body[at]).toMatchObject({ full_name: node.nameWithOwner, stargazers_count: node.stargazerCount })
    const { edges } = node.languages
    const languages = Object.fromEntries(edges.map((edge: { size: number; node: Json }) => [edge.node.name, edge.size]))
    expect((await get(`/repos/${node.nameWithOwner}/languages`)).body).toEqual(languages)
  }
})

test('pull requests found are read one by one', async () => {
  const { get } = await start()
  const q = encodeURIComponent('is:pr is:merged author:reviewer -user:reviewer')
  const { body } = await get(`/search/issues?q=${q}&per_page=5`)
  expect(body['total_count']).toBe(36)
  for (const found of body.items!) {
    const path = `${new URL(String(found['repository_url'])).pathname.replace('/api/v3', '')}/pulls/${found.number}`
    const one = await get(path)
    expect(one.body).toMatchObject({ number: found.number, merged_by: { login: expect.any(String) } })
    expect((await get(`${path}/reviews`)).body).toHaveLength(1)
  }
})

test('requests are counted, and nobody is 404', async () => {
  const { gh, token, get } = await start()
  for (const path of [
    '/users/nobody-here',
    '/users/suspended',
    '/repos/reviewer/none/languages',
    '/users/nobody-here/repos',
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404])
  expect((await get('/search/issues?q=author:private-profile')).status).toBe(422)
  expect(gh.limits.usage(token)).toEqual({ rest: 5, graphql: 0, points: 0 })
})
