import { expect, test } from 'vitest'
import { openPull, start } from './start.ts'

const repo = '/repos/acme/tool'
type Listed = { sha: string; node_id: string; author: { login: string } | null; commit: { message: string } }

const shas = (commits: Listed[]) => commits.map(({ sha }) => sha)

/** bob's pull request of `count` commits; the newest is the head. */
async function long(count: number) {
  const world = await start()
  const { number } = openPull(world.gh)
  const commits = Array.from({ length: count - 1 }, (_, n) => ({ message: `Step ${n}`, files: { step: `${n}\n` } }))
  const head = world.gh.as('bob').push('acme/tool', number, ...commits)
  return { ...world, number, head }
}

test('a long pull request lists its 250 oldest commits and counts them all', { timeout: 60_000 }, async () => {
  const { gh, asApp, number, head, unlawful } = await long(260)
  const pages = await Promise.all(
    [1, 2, 3, 4].map((n) => asApp('GET', `${repo}/pulls/${number}/commits?per_page=100&page=${n}`)),
  )
  expect(pages.map(({ body }) => body.length)).toEqual([100, 100, 50, 0])
  expect(shas(pages.flatMap(({ body }) => body))).not.toContain(head)
  expect(gh.pull('acme/tool', number).commits).toBe(260)
  expect(unlawful).toEqual([])
})

test(
  'a comparison without pages gives the 250 newest commits, with pages all from the oldest',
  { timeout: 60_000 },
  async () => {
    const { asApp, number, head, unlawful } = await long(260)
    const compare = async (query: string) => (await asApp('GET', `${repo}/compare/main...${head}${query}`)).body
    const whole = await compare('')
    expect([whole.total_commits, whole.commits.length, whole.commits.at(-1).sha]).toEqual([260, 250, head])
    const pages = await Promise.all([1, 2, 3, 4].map((n) => compare(`?per_page=100&page=${n}`)))
    expect(pages.map(({ commits }) => commits.length)).toEqual([100, 100, 60, 0])
    const all = shas(pages.flatMap(({ commits }) => commits))
    expect(new Set(all).size).toBe(260)
    expect(all.slice(10)).toEqual(shas(whole.commits))
    const listed = await asApp('GET', `${repo}/pulls/${number}/commits?per_page=100`)
    expect(all.slice(0, 100)).toEqual(shas(listed.body))
    expect(pages.map(({ files }) => files.length > 0)).toEqual([true, false, false, false])
    expect(unlawful).toEqual([])
  },
)

test('an accepted suggestion is the commit of who accepts it, by GitHub, with who suggested as co-author', async () => {
  const { gh, asApp, unlawful } = await start()
  const { number } = openPull(gh)
  gh.user('carol')
  gh.user('helper[bot]', { bot: true })
  const head = gh.as('bob').acceptSuggestions('acme/tool', number, ['carol', 'helper[bot]'], { 'src/b.ts': 'better\n' })
  const { body } = await asApp('GET', `${repo}/commits/${head}`)
  expect(body).toMatchObject({ author: { login: 'bob' }, committer: { login: 'web-flow' } })
  expect(body.commit.message).toMatch(/^Apply suggestions from code review\n\nCo-authored-by: carol <\d+\+carol@users/)

  const query =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Commit { authors(first: 5) { nodes { user { login } } } } } }'
  const answer = await asApp('POST', '/graphql', { query, variables: { ids: [body.node_id] } })
  const { authors } = answer.body.data.nodes[0]
  expect(authors.nodes).toEqual([{ user: { login: 'bob' } }, { user: { login: 'carol' } }, { user: null }])

  const unknown = await asApp('POST', '/graphql', { query, variables: { ids: ['C_nothing', body.node_id] } })
  expect(unknown.body.data.nodes.map((node: unknown) => node === null)).toEqual([true, false])
  expect(unknown.body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 0] }])
  expect(unlawful).toEqual([])
})
