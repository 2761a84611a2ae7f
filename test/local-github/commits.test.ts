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
  const suggest = (login: string, path: string, to: string, startLine?: number) =>
    gh.as(login).reviewComment('acme/tool', number, {
      path,
      ...(startLine !== undefined && { startLine }),
      line: 2,
      body: `So:\n\`\`\`suggestion\n${to}\n\`\`\``,
    }).id
  gh.as('bob').push('acme/tool', number, { files: { 'src/b.ts': 'b\nc\nd\n' } })
  const ids = [suggest('carol', 'src/b.ts', 'better', 1), suggest('helper[bot]', 'src/a.ts', 'zwei')]
  const comments = await asApp('GET', `${repo}/pulls/${number}/comments`)
  expect(comments.body[0]).toMatchObject({
    original_start_line: 1,
    original_line: 2,
    diff_hunk: '@@ -0,0 +1,3 @@\n+b\n+c',
  })
  const head = gh.as('bob').acceptSuggestions('acme/tool', number, ids)
  const { body } = await asApp('GET', `${repo}/commits/${head}`)
  expect(body).toMatchObject({ author: { login: 'bob' }, committer: { login: 'web-flow' } })
  expect(body.commit.message).toMatch(/^Apply suggestions from code review\n\nCo-authored-by: carol <\d+\+carol@users/)
  expect(body.commit.verification).toMatchObject({ verified: true, reason: 'valid' })
  expect(body.files.map((file: { patch: string }) => file.patch)).toEqual([
    '@@ -1,3 +1,3 @@\n one\n-2\n+zwei\n three',
    '@@ -1,3 +1,2 @@\n-b\n-c\n+better\n d',
  ])

  const query =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Commit { additions deletions authors(first: 5) { nodes { user { login databaseId } } } } } }'
  const answer = await asApp('POST', '/graphql', { query, variables: { ids: [body.node_id] } })
  const { authors, ...lines } = answer.body.data.nodes[0]
  expect(lines).toEqual({ additions: 2, deletions: 3 })
  const user = (login: string) => ({ user: { login, databaseId: gh.as(login).id } })
  expect(authors.nodes).toEqual([user('bob'), user('carol'), { user: null }])

  const unknown = await asApp('POST', '/graphql', { query, variables: { ids: ['C_nothing', body.node_id] } })
  expect(unknown.body.data.nodes.map((node: unknown) => node === null)).toEqual([true, false])
  expect(unknown.body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 0] }])
  expect(unlawful).toEqual([])
})

test('only GitHub signs in its own name, whatever committer is pushed; a merge has both parents', async () => {
  const { gh, asApp, unlawful } = await start()
  const { number } = openPull(gh)
  const committer = { name: 'GitHub', email: 'noreply@github.com' }
  const forged = gh.as('bob').push('acme/tool', number, { files: { 'src/b.ts': 'c\n' }, committer })
  const { body } = await asApp('GET', `${repo}/commits/${forged}`)
  expect(body.committer.login).toBe('web-flow')
  expect(body.commit.verification).toMatchObject({ verified: false, reason: 'unsigned' })
  const merges = gh.as('alice').writeFile('acme/tool', 'README.md', '# Tool\n')
  const merge = gh.as('bob').push('acme/tool', number, { merges })
  const merged = await asApp('GET', `${repo}/commits/${merge}`)
  expect(merged.body.parents.map(({ sha }: { sha: string }) => sha)).toEqual([forged, merges])
  expect(merged.body.files.map(({ filename }: { filename: string }) => filename)).toEqual(['README.md'])
  expect(unlawful).toEqual([])
})
