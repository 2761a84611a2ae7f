import { describe, expect, it } from 'vitest'
import { comparison, readmeStatsRank, type Compared } from './compare.ts'
import type { Character } from './profiles.ts'

const rows = new Map(comparison().map((row) => [row.name, row]))
const row = (name: Character): Compared => rows.get(name)!
const ours = (name: Character) => {
  const numbers = row(name).ours
  if (numbers === 'a bot') throw new Error(`${name} is a bot`)
  return numbers
}

describe('the comparison', () => {
  it('puts the Torvalds-like one above polyglot in quality and creativity, as neither of the others does', () => {
    expect(ours('torvalds_like').quality).toBeGreaterThan(ours('polyglot').quality)
    expect(ours('torvalds_like').creativity).toBeGreaterThan(ours('polyglot').creativity)
    expect(row('torvalds_like').readmeStats.percentile).toBeGreaterThan(row('polyglot').readmeStats.percentile)
  })

  it('puts the Torvalds-like one above spam in all, which by volume stands above him', () => {
    const [torvalds, spam] = [ours('torvalds_like'), ours('spam_committer')]
    const columns = ['quality', 'reliability', 'creativity', 'confidence'] as const
    expect(columns.filter((column) => torvalds[column] <= spam[column])).toEqual([])
    expect(row('spam_committer').volume).toBeGreaterThan(row('torvalds_like').volume)
  })

  it('gives a bot no number, whom volume puts first', () => {
    expect(row('bot').ours).toBe('a bot')
    expect(Math.max(...[...rows.values()].map(({ volume }) => volume))).toBe(row('bot').volume)
  })
})

// Cases of anuraghazra/github-readme-stats, tests/calculateRank.test.js; where they count a year's commits, four times
// as many, for its median is 250 in a year and 1,000 in all.
describe("github-readme-stats' rank", () => {
  it.each([
    ['a new one', [0, 0, 0, 0, 0, 0], 'C', 100],
    ['a beginner', [4 * 125, 25, 10, 5, 25, 5], 'B-', 65.02918514848255],
    ['an average one', [1000, 50, 25, 10, 50, 10], 'B+', 46.09375],
    ['sindresorhus', [4 * 1300, 1500, 4500, 1000, 600_000, 50_000], 'S', 0.4578556547153667],
  ] as const)(
    'of %s is as they publish it',
    (_, [commits, prs, issues, reviews, stars, followers], level, percentile) => {
      const rank = readmeStatsRank({ commits, prs, issues, reviews, stars, followers })
      expect(rank.level).toBe(level)
      expect(rank.percentile).toBeCloseTo(percentile, 9)
    },
  )
})
