import { describe, expect, it } from 'vitest'
import { IdentityShape, isBot, RepositoryShape, those, YearShape } from '../../../importers/github/normalise.ts'

describe('an identity', () => {
  const least = { databaseId: 7, login: 'ada', createdAt: '2020-01-01T00:00:00Z' }

  it('of which GitHub tells little counts nothing', () => {
    expect(IdentityShape.parse({ ...least, name: null, followers: null })).toEqual({
      id: 7,
      login: 'ada',
      createdAt: '2020-01-01T00:00:00Z',
      name: null,
      bio: null,
      location: null,
      followers: 0,
      owned: { sources: 0, forks: 0 },
      totals: { merged: 0, closed: 0, open: 0, issues: 0 },
    })
  })

  it('is one line, in any script, without what turns text around', () => {
    const { name, bio } = IdentityShape.parse({ ...least, name: 'א'.repeat(200), bio: 'a\nb\u202ec' })
    expect(name).toBe('א'.repeat(200))
    expect(bio).toBe('a b c')
  })

  it('without a number is nobody', () => {
    expect(those(IdentityShape, [{ ...least, databaseId: null }, null, {}])).toEqual([])
  })

  it('of a bot is told by its type or its name', () => {
    expect(
      [{ __typename: 'Bot', login: 'x' }, { login: 'X[BOT]' }, { __typename: 'User', login: 'x' }].map(isBot),
    ).toEqual([true, true, false])
  })
})

it('a repository of which GitHub tells little is there, with huge counts as they are', () => {
  const [repository] = those(RepositoryShape, [
    {
      nameWithOwner: 'ada/x',
      createdAt: '2020-01-01T00:00:00Z',
      stargazerCount: 2 ** 31,
      licenseInfo: { spdxId: 'NOASSERTION' },
      languages: { edges: [null, { size: 2 ** 40, node: { name: 'C' } }] },
      repositoryTopics: null,
      primaryLanguage: null,
    },
  ])
  expect(repository).toMatchObject({ stars: 2 ** 31, forks: 0, license: null, topics: [], primaryLanguage: null })
  expect(repository!.languages).toEqual([{ name: 'C', bytes: 2 ** 40 }])
})

it('a year without its counts is a year of nothing', () => {
  expect(YearShape.parse({ startedAt: 'a', endedAt: 'b', totalCommitContributions: null })).toEqual({
    from: 'a',
    to: 'b',
    commits: 0,
    pulls: 0,
    reviews: 0,
    issues: 0,
  })
})
