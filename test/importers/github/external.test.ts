import { describe, expect, it, test } from 'vitest'
import { evidenceOf } from '../../../importers/github/evidence.ts'
import { externalPulls, givenReviews, mergesByClosing, revisionsOf } from '../../../importers/github/external.ts'

const repository = {
  nameWithOwner: 'org/tool',
  owner: { login: 'org' },
  isFork: false,
  isPrivate: false,
  stargazerCount: 9,
  primaryLanguage: null,
  mergedPulls: { totalCount: 80 },
  closedPulls: { totalCount: 20 },
}
const pull = (number: number, more: object = {}, where: object = {}) => ({
  id: `PR_${number}`,
  url: `https://github.com/org/tool/pull/${number}`,
  state: 'CLOSED',
  createdAt: `2026-01-0${number}T00:00:00Z`,
  closedAt: '2026-02-01T00:00:00Z',
  additions: 1,
  deletions: 1,
  mergedBy: null,
  commits: { totalCount: 1 },
  repository: { ...repository, ...where },
  ...more,
})

describe('a pull request', () => {
  test.each([
    ['to a repository of their own', { owner: { login: 'ADA' } }],
    ['to a fork', { isFork: true }],
    ['to a private repository', { isPrivate: true }],
  ])('%s is left out', (_, where) => {
    expect(externalPulls([pull(1, {}, where), pull(2)], 'ada').pulls).toHaveLength(1)
  })

  it('counts once, the newest first, whatever is between', () => {
    const { pulls, dropped } = externalPulls(
      [pull(1), null, {}, pull(3), pull(1), pull(4, { repository: null })],
      'ada',
    )
    expect(pulls.map(({ pull }) => pull.url.at(-1))).toEqual(['3', '1'])
    expect(dropped).toBe(0)
  })

  it('that a bot merged says so, and one that a deleted account merged too', () => {
    const merged = [
      pull(3, { state: 'MERGED', mergedBy: { __typename: 'Bot', login: 'mergify' } }),
      pull(2, { state: 'MERGED', mergedBy: { __typename: 'User', login: 'bors[bot]' } }),
      pull(1, { state: 'MERGED', mergedBy: null }),
    ]
    expect(externalPulls(merged, 'ada').pulls.map(({ pull }) => pull.mergedBy?.isBot)).toEqual([true, true, undefined])
  })

  it('closed where closing is how a bot merges is no rejection, and one that was merged there counts', () => {
    const where = { mergedPulls: { totalCount: 300 }, closedPulls: { totalCount: 20_000 } }
    const { pulls, dropped } = externalPulls([pull(1, {}, where), pull(2, { state: 'MERGED' }, where), pull(3)], 'ada')
    expect(pulls.map(({ pull }) => pull.url.at(-1))).toEqual(['3', '2'])
    expect(dropped).toBe(1)
  })

  test.each([
    { mergedPulls: 0, closedPulls: 20, expected: true },
    { mergedPulls: 0, closedPulls: 19, expected: false },
    { mergedPulls: 9, closedPulls: 91, expected: true },
    { mergedPulls: 10, closedPulls: 90, expected: false },
    { mergedPulls: 0, closedPulls: 0, expected: false },
  ])('of $mergedPulls merged and $closedPulls closed: $expected', ({ expected, ...repository }) => {
    expect(mergesByClosing(repository)).toBe(expected)
  })

  it('of one person’s many rejections does not excuse them', () => {
    const many = Array.from({ length: 9 }, (_, index) => pull(index + 1))
    expect(externalPulls(many, 'ada').pulls).toHaveLength(9)
  })

  it('has counts of what GitHub gives, huge or none', () => {
    const [huge] = externalPulls([pull(1, { additions: 2 ** 60, deletions: null, commits: null })], 'ada').pulls
    expect(huge!.pull).toMatchObject({ additions: Number.MAX_SAFE_INTEGER, deletions: 0, commits: 0 })
  })
})

it('a review of one’s own work, or in one’s own repository, is none', () => {
  const review = (author: string | null, where: object = {}) => ({
    occurredAt: '2026-01-01T00:00:00Z',
    pullRequestReview: { comments: { totalCount: 2 } },
    pullRequest: { author: author && { login: author }, repository: { ...repository, ...where } },
  })
  const reviews = givenReviews(
    [review('Ada'), review('bob', { owner: { login: 'ada' } }), review('bob'), review(null)],
    'ada',
  )
  expect(reviews.map(({ author }) => author?.login)).toEqual(['bob', undefined])
})

describe('revisions', () => {
  const by = (login: string | null) => ({ __typename: 'PullRequestReview', author: login && { login } })
  const push = { __typename: 'PullRequestCommit' }
  const forced = { __typename: 'HeadRefForcePushedEvent' }
  test.each([
    ['none without a review', [push, push], 0],
    ['none after one’s own', [by('Ada'), push], 0],
    ['those after the first of another', [push, by('bob'), push, forced, by('eve'), push], 3],
    ['those after one of a deleted account', [by(null), push], 1],
    ['none of nothing', null, 0],
  ])('are %s', (_, nodes, revisions) => {
    expect(revisionsOf({ url: 'u', author: { login: 'ada' }, timelineItems: { nodes } })).toEqual({
      url: 'u',
      revisions,
    })
  })

  it('of what is gone are unknown', () => {
    expect(revisionsOf(null)).toBeUndefined()
  })
})

describe('evidence', () => {
  const blob = (text: string | null, isTruncated = false) => ({ text, isTruncated })
  const of = (more: object) =>
    evidenceOf(
      {
        nameWithOwner: 'ada/x',
        root: null,
        workflows: null,
        npm: null,
        cargo: null,
        go: null,
        pyproject: null,
        requirements: null,
        releases: null,
        ...more,
      },
      'ada',
    )

  test.each([
    [
      'package.json',
      { npm: blob('{"dependencies":{"hono":"4"},"devDependencies":{"vitest":"5"}}') },
      ['hono', 'vitest'],
    ],
    [
      'Cargo.toml',
      {
        cargo: blob(
          '[dependencies]\nserde = "1"\n[dependencies.tokio]\nversion = "1"\n[workspace.dependencies]\naxum = "0.8"',
        ),
      },
      ['serde', 'tokio', 'axum'],
    ],
    [
      'go.mod',
      {
        go: blob(
          'module x.org/y\n\nrequire github.com/a/b v1.2.3\nrequire (\n\tgolang.org/x/net v0.1.0\n\tx.io/z v1.0.0 // indirect\n)\n',
        ),
      },
      ['github.com/a/b', 'golang.org/x/net'],
    ],
    [
      'pyproject.toml',
      {
        pyproject: blob(
          '[project]\ndependencies = ["requests>=2", "rich[x]"]\n[tool.poetry.dependencies]\npython = "^3"\nflask = "3"',
        ),
      },
      ['requests', 'rich', 'flask'],
    ],
    [
      'requirements.txt',
      { requirements: blob('# all\nnumpy==2\n-r other.txt\n\npandas ; python_version > "3"\n') },
      ['numpy', 'pandas'],
    ],
    ['JSON that is none', { npm: blob('{"dependencies": ') }, []],
    ['TOML that is none', { cargo: blob('[[[') }, []],
    [
      'lists where tables belong',
      { npm: blob('{"dependencies": ["a"], "devDependencies": 7}'), pyproject: blob('project = 3') },
      [],
    ],
    ['a file too long', { npm: blob('{"dependencies":{"a":"1"}}', true) }, []],
    ['a file of bytes', { npm: blob(null) }, []],
    ['names that break lines', { npm: blob('{"dependencies":{"a\\nb\\u202e":"1"}}') }, ['a b']],
  ])('of %s', (_, more, dependencies) => {
    expect(of(more)!.dependencies).toEqual(dependencies)
  })

  it('holds no more than two hundred names, however many there are', () => {
    const many = Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`p${index}`, '1']))
    expect(of({ npm: blob(JSON.stringify({ dependencies: many })) })!.dependencies).toHaveLength(200)
  })

  it('of a repository that GitHub does not show is none', () => {
    expect(evidenceOf(null, 'ada')).toBeUndefined()
  })
})
