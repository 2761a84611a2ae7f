import { reaching } from '../github/reaching.ts'
import { describe, expect, test } from 'vitest'
import { GitHubRefused } from '../../src/github/errors.ts'
import { ownCommit } from '../../src/pull-requests/own-work.ts'
import {
  alice,
  type Answers,
  BEFORE,
  bob,
  carol,
  client,
  gather,
  head,
  type Made,
  type MadeComment,
  name,
  ownOf,
  pull,
  sha,
  user,
} from './github-answers.ts'

const share = async (answers: Answers) => {
  const own = await ownOf(client(answers))
  return typeof own === 'object' ? own.share : own
}

describe('a validator’s own work', () => {
  test('is the largest commit and the part of the changed lines', async () => {
    const commits = [
      head,
      { id: '1', author: alice, lines: 4 },
      { id: '2', author: alice, lines: 6 },
      { id: '3', author: carol, lines: 50 },
    ]
    expect(await ownOf(client({ commits }))).toEqual({ sha: sha('2'), share: 0.1 })
    expect(await ownOf(client({ commits: [head] }))).toBeUndefined()
  })

  test('is never more than all of it, where later commits took lines back', async () => {
    const own = (lines: number, all: number) =>
      ownOf(client({ commits: [head, { id: '1', author: alice, lines }] }), { ...pull, lines: all })
    expect(await own(500, 10)).toEqual({ sha: sha('1'), share: 1 })
    expect(await own(0, 0)).toEqual({ sha: sha('1'), share: 0 })
  })

  test('is part of the lines of known accounts: those of nobody make it no smaller', async () => {
    const known: Made[] = [head, { id: '1', author: alice, lines: 5 }, { id: '2', lines: 15 }]
    expect(await share({ commits: known })).toBe(0.05)
    expect(await share({ commits: [...known, { id: '3', author: null, lines: 80 }] })).toBe(0.25)
  })

  test('is asked for once in twenty commits, no further than it takes to bar, and not at all where there is none', async () => {
    const asked = async (commits: Made[]) => {
      const routes: string[] = []
      const github = client({ commits }, [], routes)
      await gather(github)
      const before = routes.length
      await ownOf(github)
      return routes.length - 2 * before
    }
    const many = (lines: number) => Array.from({ length: 40 }, (_, n) => ({ id: `${n + 10}`, author: alice, lines }))
    expect(await asked([head, ...many(0)])).toBe(2)
    expect(await asked([head, ...many(1)])).toBe(1)
    expect(await asked([head])).toBe(0)
  })
})

test('the lines of nobody are counted for a hundred commits at most', async () => {
  const unknown = async (count: number) => {
    const nobodys = Array.from({ length: count }, (_, n) => ({ id: `${n + 100}`, author: null, lines: 1 }))
    return (await gather(client({ commits: [head, ...nobodys] }))).evidence.unknown
  }
  expect(await unknown(100)).toBe(100)
  expect(await unknown(101)).toBeUndefined()
})

describe('a commit that accepts suggestions', () => {
  const suggests: MadeComment = { body: '```suggestion\nnew\n```' }
  const accepts: Made = {
    id: '1',
    author: alice,
    lines: 90,
    committer: 'web-flow',
    verified: true,
    message: 'Apply suggestions from code review\n\nCo-authored-by: Carol <c@example.org>',
    files: [{ filename: 'src/a.ts', patch: '@@ -1,2 +1,2 @@\n first\n-old\n+new' }],
  }
  const honest: Answers = { commits: [head, accepts], authors: { C_1: [alice, carol] }, comments: [suggests] }

  test.each([
    { name: 'one of a batch', given: honest },
    {
      name: 'with any title',
      given: { ...honest, commits: [head, { ...accepts, message: 'Better\n\nCo-authored-by: C <c@x.org>' }] },
    },
    {
      name: 'edited since',
      given: {
        ...honest,
        comments: [
          {
            body: '```suggestion\nnewer\n```',
            edits: [
              { at: BEFORE, by: carol, text: suggests.body },
              { at: '2026-11-02T13:00:00Z', by: carol, text: '```suggestion\nnewer\n```' },
            ],
          },
        ],
      },
    },
  ])('is not the work of who accepts them, nor of who suggested: $name', async ({ given }) => {
    expect(await share(given)).toBeUndefined()
    const { evidence } = await gather(client(given))
    expect(evidence).toMatchObject({ by: ['bob'], suggested: ['carol'] })
  })

  test.each<{ name: string; commit?: Made; given?: Answers; by?: string[] }>([
    { name: 'whose trailer is invented', given: { authors: { C_1: [alice, null] } }, by: ['bob', 'alice'] },
    { name: 'of whom GitHub tells nothing', given: { authors: {} }, by: ['bob', 'alice'] },
    {
      name: 'without a trailer',
      commit: { ...accepts, message: 'Apply suggestions from code review' },
      by: ['bob', 'alice'],
    },
    { name: 'that is not signed', commit: { ...accepts, verified: false }, by: ['bob', 'alice'] },
    { name: 'that is signed by another', commit: { ...accepts, committer: 'alice' }, by: ['bob', 'alice'] },
    { name: 'without any comment', given: { comments: [] } },
    { name: 'that are somebody else’s', given: { comments: [{ ...suggests, by: user(4, 'dora') }] } },
    {
      name: 'and does more',
      commit: { ...accepts, files: [...accepts.files!, { filename: 'src/b.ts', patch: '@@ -0,0 +1 @@\n+x' }] },
    },
    { name: 'of another file', given: { comments: [{ ...suggests, path: 'src/b.ts' }] } },
    { name: 'of another line', given: { comments: [{ ...suggests, hunk: '@@ -1,2 +1,2 @@\n old\n next' }] } },
    { name: 'that were written later', given: { comments: [{ ...suggests, at: '2026-11-02T13:00:00Z' }] } },
    {
      name: 'that another wrote into the comment',
      given: {
        comments: [
          {
            ...suggests,
            edits: [
              { at: BEFORE, by: carol, text: 'Hm.' },
              { at: BEFORE, by: alice, text: suggests.body },
            ],
          },
        ],
      },
    },
    {
      name: 'that they made themselves',
      given: { authors: { C_1: [alice, alice] }, comments: [{ ...suggests, by: alice }] },
      by: ['bob', 'alice'],
    },
    { name: 'beside too much to compare', given: { comments: [suggests, { body: 'x'.repeat(262_144) }] } },
    { name: 'that are gone from the comment', given: { comments: [{ body: 'Never mind.' }] } },
  ])(
    'is the work of its author where it is one $name',
    async ({ commit = accepts, given, by = ['bob', 'alice', 'carol'] }) => {
      const answers = { ...honest, commits: [head, commit], ...given }
      expect(await share(answers)).toBe(0.9)
      const { evidence } = await gather(client(answers))
      expect(evidence).toMatchObject({ by, suggested: [] })
    },
  )

  test('is compared where it may be one: comments are asked for once, and never for others', async () => {
    const commentsAsked = async (answers: Answers) => {
      const routes: string[] = []
      await gather(client(answers, [], routes))
      return routes.filter((route) => route.endsWith('/comments')).length
    }
    const three = ['1', '2', '3'].map((id) => ({ ...accepts, id }))
    const authors = Object.fromEntries(three.map(({ id }) => [`C_${id}`, [alice, carol]]))
    expect(await commentsAsked({ ...honest, authors, commits: [head, ...three] })).toBe(1)
    expect(await commentsAsked({ ...honest, commits: [head, { ...accepts, verified: false }] })).toBe(0)
    expect(await commentsAsked({ ...honest, authors: {} })).toBe(0)
  })

  test('is the work of its author beyond thirty', async () => {
    const many = Array.from({ length: 31 }, (_, n) => ({ ...accepts, id: `${n + 10}` }))
    const authors = Object.fromEntries(many.map(({ id }) => [`C_${id}`, [alice, carol]]))
    expect(await ownOf(client({ ...honest, authors, commits: [head, ...many] }))).toMatchObject({ sha: sha('40') })
  })
})

describe('a merge', () => {
  const work = { filename: 'a', sha: 'w', patch: '@@ -1 +1,2 @@\n one\n+work' }
  const merge: Made = { id: 'c', author: alice, lines: 90, parents: ['1', '9'] }
  const answers = (more: Partial<Made>, after: Answers['compared']): Answers => ({
    commits: [head, { id: '1' }, { ...merge, ...more }],
    compared: { '9...1': [work], ...after },
  })

  test.each([
    { name: 'of the base, as git makes it', given: answers({}, { '9...c': [{ ...work, sha: 'x' }] }), own: undefined },
    {
      name: 'of the work into the base',
      given: answers({ parents: ['9', '1'] }, { '9...c': [work] }),
      own: undefined,
    },
    {
      name: 'of the base, with lines of its own',
      given: answers(
        {},
        { '9...c': [work, { filename: 'b', sha: 'x', patch: `@@ -0,0 +1,20 @@${'\n+mine'.repeat(20)}` }] },
      ),
      own: 0.2,
    },
    { name: 'of a side branch', given: answers({ parents: ['1', 'b'] }, {}), own: 0.9 },
    { name: 'of three', given: answers({ parents: ['1', '9', '8'] }, {}), own: 0.9 },
    { name: 'of the base, which GitHub does not show', given: answers({}, {}), own: 'unseen' },
    {
      name: 'of the base, one of more than twenty',
      given: { commits: [head, ...Array.from({ length: 21 }, (_, n) => ({ ...merge, id: `${n + 10}` }))] },
      own: 'unseen',
    },
  ])('is its author’s work as far as it brings anything of its own: $name', async ({ given, own }) => {
    expect(await share(given)).toBe(own)
  })

  test('is not looked at where its author is not asked about, or is barred already', async () => {
    const asked: object[] = []
    const { commits = [], ...rest } = answers({ author: bob }, {})
    expect(await ownOf(client({ ...rest, commits }, asked))).toBeUndefined()
    const barred = [...answers({}, {}).commits!, { id: '2', author: alice, lines: 10 }]
    expect(await ownOf(client({ ...rest, commits: barred }, asked))).toEqual({ sha: sha('2'), share: 0.1 })
    expect(asked).toEqual([])
  })
})

describe('a commit that is submitted by itself', () => {
  const bySha = (commit: Made, authors = {}) => {
    const page = { html_url: `https://github.com/acme/app/commit/${sha('1')}` }
    const github = client({ commits: [commit], authors })
    const request = async (...asked: unknown[]) => {
      const answer = await (github.request as unknown as (...all: unknown[]) => Promise<{ data: object }>)(...asked)
      return { data: { ...answer.data, ...page } }
    }
    return ownCommit(
      reaching(Object.assign(Object.create(github) as object, { request })),
      name,
      page.html_url,
      alice.id,
    )
  }
  const message = 'Work\n\nCo-authored-by: Alice <a@example.org>'
  const all = { sha: sha('1'), share: 1 }

  test('is its author’s, and of one that GitHub made also that of whom its trailers name', async () => {
    expect(await bySha({ id: '1', author: alice })).toEqual(all)
    expect(await bySha({ id: '1', author: bob })).toBeUndefined()
    const authors = { C_1: [bob, alice] }
    expect(await bySha({ id: '1', message, committer: 'web-flow', verified: true }, authors)).toEqual(all)
    expect(await bySha({ id: '1', message, committer: 'web-flow' }, authors)).toBeUndefined()
  })
})

test('whom a commit of GitHub’s names is not known while GitHub refuses to tell: nobody’s part is', async () => {
  const message = 'Work\n\nCo-authored-by: Alice <a@example.org>'
  const commits: Made[] = [{ id: '1', message, committer: 'web-flow', verified: true }, head]
  const refusing = (github: ReturnType<typeof client>) =>
    Object.assign(Object.create(github) as typeof github, {
      graphql: () => Promise.reject(new GitHubRefused(403, undefined)),
    })
  expect(await ownOf(refusing(client({ commits })))).toBe('unseen')
  // Where nobody is named, nobody is asked.
  expect(await ownOf(refusing(client({ commits: [head] })))).toBeUndefined()
})
