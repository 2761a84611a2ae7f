import { describe, expect, test } from 'vitest'
import { type Answers, alice, bob, carol, client, gather, head, type Made, ownOf, pull, sha } from './github-answers.ts'

const line = async (answers: Answers, given = pull, trailers = {}) =>
  (await gather(client(answers), given, trailers)).line
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
    expect(await line({ commits: [{ id: '1', author: alice, parents: ['0', '9'] }, head] })).toContain(' by=bob ')
  })

  test('counts the lines of addresses of no account apart, as far as they are in the work', async () => {
    const nobody = { author: null, lines: 30 }
    const commits = [{ id: '1', ...nobody }, { id: '2', lines: 60 }, { id: '3', ...nobody, parents: ['1', '2'] }, head]
    expect(await line({ commits })).toContain(' by=bob unknown=30 reviews=')
    expect(await line({ commits: [{ ...head, ...nobody }] })).toContain(' by=bob unknown=100 reviews=')
    const all = [{ id: '1', author: null, lines: 500 }, head]
    expect(await line({ commits: all })).toContain(' by=bob unknown=100 reviews=')
    expect(await line({ commits: [{ id: '1', author: null }, head] })).not.toContain('unknown=')
  })

  test('lists the agents that trailers name, by the names of the settings', async () => {
    const trailers = { zed: 'zed@example.org', claude: 'noreply@example.org', twin: 'zed@example.org', idle: 'i@x.org' }
    const commits = [
      { id: '1', message: 'Work\n\nCo-authored-by: Zed <ZED@example.org>\nCo-authored-by: Amy <amy@example.org>' },
      { id: '2', message: 'Work\n\nCo-authored-by: Claude <noreply@example.org>' },
      { id: '3', message: 'Merge\n\nCo-authored-by: Idle <i@x.org>', parents: ['0', '9'] },
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

describe('a pull request of more commits than GitHub lists', () => {
  const hex = (n: number) => n.toString(16).padStart(40, '0')
  const many = (count: number, last = alice): Made[] =>
    Array.from({ length: count }, (_, n) => ({
      id: hex(n + 1),
      ...(n === count - 1 ? { author: last, lines: 50 } : {}),
    }))
  const long = (count: number) => ({ ...pull, headSha: hex(count), commits: count })
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
