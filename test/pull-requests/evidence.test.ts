import { describe, expect, test } from 'vitest'
import type { Client } from '../../src/github/github.ts'
import type { PullRequest } from '../../src/github/pull-requests.ts'
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
  sha: sha(id),
  commit: { message, tree: { sha: sha('e') } },
  author,
  committer: { login: committer },
  parents: Array.from({ length: parents }, () => ({ sha: sha('0') })),
  stats: { additions: lines, deletions: 0 },
})

/** GitHub's answers by the end of their route. */
function client(answers: { commits?: Made[]; reviews?: object[]; runs?: object[]; statuses?: object[] }): Client {
  const commits = (answers.commits ?? []).map(commit)
  const lists: Record<string, object[]> = {
    commits,
    reviews: answers.reviews ?? [],
    'check-runs': answers.runs ?? [],
    status: [{ statuses: answers.statuses ?? [] }],
  }
  return {
    paginate: async (route: string) => lists[route.split('/').at(-1)!],
    request: async (_route: string, { ref }: { ref: string }) => ({ data: commits.find((one) => one.sha === ref) }),
  } as unknown as Client
}

const line = async (answers: Parameters<typeof client>[0], given = pull) =>
  (await gatherWork(client(answers), name, given)).line
const head = { id: 'b' }

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
    const { commits: listed } = await gatherWork(github, name, pull)
    return ownWork(github, name, { ...pull, lines }, listed, alice.id)
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
