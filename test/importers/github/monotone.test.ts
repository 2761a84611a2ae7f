import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalPull, Profile } from '../../../importers/github/profile.ts'
import { score } from '../../../importers/github/score.ts'
import { externalPull, givenReview, ownRepository, profile as anyone } from './arbitrary.ts'
import { NOW, repository } from './profiles.ts'

/** People of each law; the README's are 5,000. */
const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 1_000) }
const COLUMNS = ['quality', 'reliability', 'creativity', 'confidence'] as const

function numbers(profile: Profile) {
  const scored = score(profile, NOW)
  if ('refused' in scored) throw new Error(`${profile.login} was refused`)
  return { ...scored.dimensions, confidence: scored.confidence }
}

/** The columns in which the first is above the second, rounding of the sums aside. */
function higher(one: Profile, other: Profile): string[] {
  const [a, b] = [numbers(one), numbers(other)]
  return COLUMNS.filter((column) => a[column] > b[column] + 1e-12)
}

function law<T>(what: fc.Arbitrary<T>, holds: (profile: Profile, one: T) => void) {
  fc.assert(fc.property(anyone, what, holds), RUNS)
}

/** As GitHub would count one more. */
function withPull(profile: Profile, one: ExternalPull): Profile {
  const which = one.isMerged ? 'merged' : 'closed'
  return {
    ...profile,
    pulls: [one, ...profile.pulls],
    totals: { ...profile.totals, [which]: profile.totals[which] + 1 },
    ...(profile.pullCounts && { pullCounts: { ...profile.pullCounts, [which]: profile.pullCounts[which] + 1 } }),
  }
}

describe('on any profile', () => {
  it('more merges never lower a dimension', () => {
    law(externalPull, (profile, one) => {
      expect(higher(profile, withPull(profile, { ...one, isMerged: true }))).toEqual([])
    })
  })

  it('more rejections never raise one', () => {
    law(externalPull, (profile, one) => {
      expect(higher(withPull(profile, { ...one, isMerged: false }), profile)).toEqual([])
    })
  })

  it('more reviews never lower one', () => {
    law(givenReview, (profile, review) => {
      expect(higher(profile, { ...profile, reviews: [review, ...profile.reviews] })).toEqual([])
    })
  })

  it('a new original repository never lowers one', () => {
    law(ownRepository, (profile, one) => {
      expect(higher(profile, { ...profile, repositories: [...profile.repositories, one] })).toEqual([])
    })
  })

  it('more stars, forks and watchers of a repository never lower one', () => {
    const more = fc.record({ which: fc.nat(5), stars: fc.nat(50_000), forks: fc.nat(500), watchers: fc.nat(100) })
    law(more, (profile, { which, stars, forks, watchers }) => {
      const repositories = profile.repositories.map((one, i) =>
        i === which
          ? { ...one, stars: one.stars + stars, forks: one.forks + forks, watchers: one.watchers + watchers }
          : one,
      )
      expect(higher(profile, { ...profile, repositories })).toEqual([])
    })
  })

  it('20,000 stars that nothing bears out, or 40 forked repositories, change nothing', () => {
    law(fc.nat(3), (profile, few) => {
      const bought = profile.repositories.map((one) =>
        one.forks <= 3 || one.watchers <= 3 ? { ...one, stars: one.stars + 20_000 } : one,
      )
      const farmed = { stars: 20_000, forks: few, watchers: few, primaryLanguage: 'Zig', topics: ['kernel'] }
      const after: Profile = {
        ...profile,
        repositories: [...bought, repository('me/farmed', farmed)],
        owned: { sources: profile.owned.sources + 1, forks: profile.owned.forks + 40 },
      }
      expect(numbers(after)).toEqual(numbers(profile))
    })
  })

  it('commits, followers and pull requests to their own repositories never raise one', () => {
    law(fc.nat(10_000), (profile, n) => {
      const [first, ...rest] = profile.repositories
      const after: Profile = {
        ...profile,
        followers: profile.followers + n,
        years: profile.years.map((year) => ({ ...year, commits: year.commits + n, pulls: year.pulls + n })),
        totals: { ...profile.totals, merged: profile.totals.merged + n },
        repositories: first === undefined ? [] : [{ ...first, mergedPulls: first.mergedPulls + n }, ...rest],
      }
      expect(higher(after, profile)).toEqual([])
    })
  })

  it('each number lies between 0 and 1, and is that of the same month', () => {
    law(fc.integer({ min: 0, max: 30 * 86_400_000 - 1 }), (profile, later) => {
      const all = numbers(profile)
      expect(COLUMNS.filter((column) => !(all[column] >= 0 && all[column] <= 1))).toEqual([])
      expect(score(profile, new Date(NOW.getTime() + later))).toMatchObject({ confidence: all.confidence })
    })
  })
})
