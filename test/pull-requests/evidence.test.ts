import { describe, expect, test } from 'vitest'
import { countChecks } from '../../src/github/checks.ts'
import { listCommits } from '../../src/github/commits.ts'
import type { Client } from '../../src/github/github.ts'
import { listReviews, type PullRequest } from '../../src/github/pull-requests.ts'
import { gatherWork, ownWork } from '../../src/pull-requests/evidence.ts'

const name = { owner: 'acme', repo: 'app' }
const sha = (digit: string) => digit.repeat(40)
const user = (id: number, login = `user${id}`) => ({ id, login, type: 'User' })
const [bob, alice, carol] = [user(1, 'bob'), user(2, 'alice'), user(3, 'carol')]
const pull = {
  id: 9,
  number: 5,
  url: 'https://github.com/acme/app/pull/5',
  headSha: sha('b'),
  mergeSha: undefined,
  open: true,
  base: { branch: 'main', sha: sha('0') },
  author: { ...bob, type: 'User' },
  commits: 2,
  lines: 100,
} as PullRequest

interface Made {
  id: string
  author?: { id: number } | null
  lines?: number
  parents?: number
  message?: string
  committer?: string
}
const commit = ({ id, author = bob, lines = 0, parents = 1, message = 'Work', committer = 'bob' }: Made) => ({
  sha: id.length === 1 ? sha(id) : id,
  node_id: `C_${id}`,
  commit: { message, tree: { sha: sha('e') } },
  author,
  committer: { login: committer },
  parents: Array.from({ length: parents }, () => ({ sha: sha('0') })),
  stats: { additions: lines, deletions: 0 },
})

interface Answers {
  commits?: Made[]
  /** How many GitHub says there are, where it is more than it gives. */
  total?: number
  reviews?: object[]
  runs?: object[]
  statuses?: object[]
  /** The logins that GitHub resolves for a commit, by its node id. */
  authors?: Record<string, (string | null)[]>
}

/** GitHub's answers by the end of their route. `asked` collects the comparisons asked for. */
function client(answers: Answers, asked: object[] = []): Client {
  const commits = (answers.commits ?? []).map(commit)
  const lists: Record<string, object[]> = {
    commits: commits.slice(0, 250),
    reviews: answers.reviews ?? [],
    'check-runs': answers.runs ?? [],
    status: [{ statuses: answers.statuses ?? [] }],
  }
  return {
    paginate: async (route: string) => lists[route.split('/').at(-1)!],
    request: async (_route: string, about: { ref?: string; basehead?: string; page?: number }) => {
      if (about.basehead === undefined)
        return { data: commits.find((one) => one.sha === about.ref) ?? commit({ id: about.ref! }) }
      asked.push(about)
      const from = (about.page! - 1) * 100
      const data = { base_commit: { sha: sha('9') }, commits: commits.slice(from, from + 100) }
      return { data: { ...data, total_commits: answers.total ?? commits.length } }
    },
    graphql: async (_query: string, { ids }: { ids: string[] }) => ({
      nodes: ids.map((id) => ({
        authors: { nodes: (answers.authors?.[id] ?? []).map((login) => ({ user: login && { login } })) },
      })),
    }),
  } as unknown as Client
}

const gather = (github: Client, given = pull, trailers = {}) => {
  const look = {
    commits: () => listCommits(github, name, given),
    reviews: () => listReviews(github, name, given.number),
    checks: () => countChecks(github, name, given.headSha, 1),
  }
  return gatherWork(github, name, look, { pull: given, trailers })
}

const line = async (answers: Answers, given = pull, trailers = {}) =>
  (await gather(client(answers), given, trailers)).line
const head = { id: 'b' }
const SUGGESTION = {
  committer: 'web-flow',
  message: 'Apply suggestions from code review\n\nCo-authored-by: Alice <alice@example.com>',
}

describe('the evidence of a pull request', () => {
  test('is one line of GitHub’s own answers', async () => {
    const answers = {
      commits: [{ id: 'a' }, head],
      reviews: [{ user: alice, state: 'APPROVED', commit_id: sha('a') }],
      runs: [{ conclusion: 'success' }, { conclusion: 'skipped' }, { conclusion: null }],
      statuses: [{ state: 'success' }, { state: 'failure' }],
    }
    expect(await line(answers, { ...pull, mergeSha: sha('c') })).toBe(
      `https://github.com/acme/app/pull/5 head=${sha('b')} merge=${sha('c')} tree=${sha('e')} commits=2 by=bob reviews=1/0 rounds=1 checks=3/5`,
    )
  })

  test('leaves out checks where there are none', async () => {
    expect(await line({ commits: [head] })).not.toContain('checks=')
  })

  test('names the pull request’s author first, then each account of a commit once, never an unlinked address', async () => {
    const commits = [{ id: '1', author: alice }, { id: '2', author: null }, { id: '3', author: alice }, head]
    expect(await line({ commits })).toContain(' by=bob,alice ')
  })

  test('leaves out who only merged the base', async () => {
    expect(await line({ commits: [{ id: '1', author: alice, parents: 2 }, head] })).toContain(' by=bob ')
  })

  test('lists apart whose suggestions were accepted, and not who accepted them', async () => {
    const commits = [{ id: '1', author: carol, ...SUGGESTION }, { id: '2', ...SUGGESTION }, head]
    const authors = { C_1: ['carol', 'alice', null, 'bob'], C_2: ['bob', 'alice', 'dora'] }
    expect(await line({ commits, authors })).toContain(' by=bob suggested=alice,dora reviews=')
  })

  test('lists the agents that trailers name, by the names of the settings', async () => {
    const trailers = { zed: 'zed@example.org', claude: 'noreply@example.org', twin: 'zed@example.org', idle: 'i@x.org' }
    const commits = [
      { id: '1', message: 'Work\n\nCo-authored-by: Zed <ZED@example.org>\nCo-authored-by: Amy <amy@example.org>' },
      { id: '2', message: 'Work\n\nCo-authored-by: Claude <noreply@example.org>' },
      { id: '3', message: 'Merge\n\nCo-authored-by: Idle <i@x.org>', parents: 2 },
      { id: '4', message: 'Work\n\nCo-authored-by: Idle <i@x.org>\n\nNo trailer.' },
      head,
    ]
    expect(await line({ commits }, pull, trailers)).toContain(' by=bob agents=claude,twin,zed reviews=')
    expect(await line({ commits })).toContain(' by=bob reviews=')
  })

  test('lists ten agents at most', async () => {
    const trailers = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`bot-${n}`, 'bot@example.org']))
    const commits = [{ ...head, message: 'Work\n\nCo-authored-by: Bot <bot@example.org>' }]
    const listed = / agents=(\S+)/.exec(await line({ commits }, pull, trailers))?.[1]?.split(',')
    expect(listed).toHaveLength(10)
  })

  test.each([
    { name: 'none', reviews: [], says: 'reviews=0/0 rounds=0' },
    { name: 'the author’s own remark', reviews: [[bob, 'COMMENTED', 'a']], says: 'reviews=0/0 rounds=0' },
    {
      name: 'a reviewer who came round',
      reviews: [
        [alice, 'CHANGES_REQUESTED', 'a'],
        [alice, 'APPROVED', 'b'],
      ],
      says: 'reviews=1/0 rounds=2',
    },
    {
      name: 'an approval and a later remark',
      reviews: [
        [alice, 'APPROVED', 'a'],
        [alice, 'COMMENTED', 'a'],
      ],
      says: 'reviews=1/0 rounds=1',
    },
    {
      name: 'a dismissed approval',
      reviews: [
        [alice, 'APPROVED', 'a'],
        [alice, 'DISMISSED', 'a'],
      ],
      says: 'reviews=0/0 rounds=1',
    },
    {
      name: 'two of two minds',
      reviews: [
        [alice, 'APPROVED', 'a'],
        [carol, 'CHANGES_REQUESTED', 'a'],
      ],
      says: 'reviews=1/1 rounds=1',
    },
    { name: 'a deleted account', reviews: [[null, 'APPROVED', 'a']], says: 'reviews=0/0 rounds=0' },
  ] as { name: string; reviews: [object | null, string, string][]; says: string }[])(
    'counts reviews: $name',
    async ({ reviews, says }) => {
      const given = reviews.map(([reviewer, state, id]) => ({ user: reviewer, state, commit_id: sha(id) }))
      expect(await line({ commits: [head], reviews: given })).toMatch(new RegExp(`${says}$`))
    },
  )
})

describe('a validator’s own work', () => {
  async function ownOf(commits: Made[], lines = 100) {
    const github = client({ commits })
    return ownWork(github, name, { ...pull, lines }, await gather(github, pull), alice.id)
  }

  test.each([
    { name: 'none', commits: [head] },
    { name: 'a merge of the base', commits: [head, { id: '1', author: alice, parents: 2, lines: 90 }] },
    {
      name: 'an accepted batch of suggestions',
      commits: [
        head,
        {
          id: '1',
          author: alice,
          lines: 90,
          committer: 'web-flow',
          message: 'Apply suggestions from code review\n\nCo-authored-by: Bob <b@example.com>',
        },
      ],
    },
    {
      name: 'one accepted suggestion',
      commits: [
        head,
        {
          id: '1',
          author: alice,
          lines: 90,
          committer: 'web-flow',
          message: 'Apply suggestion from @alice\n\nCo-authored-by: Bob <b@example.com>',
        },
      ],
    },
  ])('is nothing that counts: $name', async ({ commits }) => {
    expect(await ownOf(commits)).toBeUndefined()
  })

  test('is counted until it bars', async () => {
    const commits = [head, ...['1', '2', '3'].map((id) => ({ id, author: alice, lines: 10 }))]
    expect(await ownOf(commits)).toEqual({ sha: sha('1'), share: 0.1 })
  })

  test('is the largest commit and the part of the changed lines', async () => {
    const commits = [
      head,
      { id: '1', author: alice, lines: 4 },
      { id: '2', author: alice, lines: 6 },
      { id: '3', author: carol, lines: 50 },
    ]
    expect(await ownOf(commits)).toEqual({ sha: sha('2'), share: 0.1 })
  })

  test('counts what only calls itself a suggestion', async () => {
    const commits = [head, { id: '1', author: alice, lines: 50, message: 'Apply suggestions from code review' }]
    expect(await ownOf(commits)).toEqual({ sha: sha('1'), share: 0.5 })
  })

  test('is never more than all of it, where later commits took lines back', async () => {
    expect(await ownOf([head, { id: '1', author: alice, lines: 500 }], 10)).toEqual({ sha: sha('1'), share: 1 })
    expect(await ownOf([head, { id: '1', author: alice, lines: 0 }], 0)).toEqual({ sha: sha('1'), share: 0 })
  })
})

describe('a pull request of more commits than GitHub lists', () => {
  const hex = (n: number) => n.toString(16).padStart(40, '0')
  const many = (count: number, last = alice): Made[] =>
    Array.from({ length: count }, (_, n) => ({
      id: hex(n + 1),
      ...(n === count - 1 ? { author: last, lines: 50 } : {}),
    }))
  const long = (count: number) => ({ ...pull, headSha: hex(count), commits: count })
  const ownOf = async (github: Client, given: PullRequest) =>
    ownWork(github, name, given, await gather(github, given), alice.id)

  test.each([250, 251, 999, 2500])('has all its authors seen: %i commits', async (count) => {
    const github = client({ commits: many(count) })
    expect(await ownOf(github, long(count))).toEqual({ sha: hex(count), share: 0.5 })
    expect(await line({ commits: many(count) }, long(count))).toContain(` commits=${count} by=bob,alice `)
  })

  test('is compared with the base as it is, page after page with the same', async () => {
    const asked: object[] = []
    await gather(client({ commits: many(251) }, asked), long(251))
    expect(asked).toMatchObject([
      { basehead: `main...${hex(251)}`, page: 1, per_page: 100 },
      { basehead: `${sha('9')}...${hex(251)}`, page: 2 },
      { basehead: `${sha('9')}...${hex(251)}`, page: 3 },
    ])
  })

  test('is compared with the base as it was, once it is closed', async () => {
    const asked: object[] = []
    await gather(client({ commits: many(251) }, asked), { ...long(251), open: false })
    expect(asked[0]).toMatchObject({ basehead: `${sha('0')}...${hex(251)}` })
  })

  test.each([
    { name: 'too many', commits: many(250), total: 2501, given: long(2501) },
    { name: 'fewer given than there are', commits: many(251), total: 300, given: long(300) },
    { name: 'the head is not among them', commits: many(251), given: { ...long(251), headSha: sha('b') } },
  ])('has an unseen author where GitHub does not give all: $name', async ({ commits, total, given }) => {
    const github = client({ commits, ...(total && { total }) })
    expect(await ownOf(github, given)).toBe('unseen')
  })

  test('of which another list came than of its head is compared too', async () => {
    const asked: object[] = []
    const given = { ...pull, headSha: sha('c') }
    expect((await gather(client({ commits: [head, { id: 'c' }] }, asked), given)).complete).toBe(true)
    expect(asked).toEqual([])
    expect((await gather(client({ commits: [head] }, asked), given)).complete).toBe(false)
    expect(asked).toHaveLength(1)
  })
})
