import type { Character, External, Owned } from './character.ts'
import { logarithmic, pick, unit } from './random.ts'

const LANGUAGES = ['TypeScript', 'Python', 'Go', 'Rust', 'Java', 'C++', 'Ruby', 'Shell'] as const
const TOPICS = ['cli', 'http', 'parser', 'machine-learning', 'database', 'react', 'security', 'docker'] as const
const MOST_FOLLOWERS = 180_000

/** Followers fall with the number, so that people with so many can be found without looking at everybody. */
export const followersOf = (n: number) => Math.floor(MOST_FOLLOWERS / (n + 1) ** 0.8)

/** The made-up person of this number: deterministic, and stored nowhere. */
export function generated(n: number): Character {
  const at = (...which: number[]) => unit(n, ...which)
  const ageYears = 1 + Math.floor(at(1) * 15)
  const activeYears = 1 + Math.floor(at(2) * ageYears)
  const repos = Array.from({ length: Math.floor(at(3) * 7) }, (_, i) => owned((seed) => at(10, i, seed), i))
  const ext = Array.from({ length: Math.floor(at(4) * 13) }, (_, i) => external((seed) => at(20, i, seed)))
  const rev = Array.from({ length: Math.floor(at(5) * 6) }, (_, i) => ({
    stars: logarithmic(5, 40_000, at(30, i, 1)),
    n: logarithmic(1, 60, at(30, i, 2)),
  }))
  const pulls = ext.reduce((sum, { merged, closed }) => sum + merged + closed, 0)
  return {
    ageYears,
    activeYears,
    monthsSinceActive: at(6) < 0.7 ? 0 : Math.floor(at(7) * 12 * (ageYears - activeYears)),
    counterparties: 1 + Math.floor(at(8) * pulls),
    commits: logarithmic(20, 20_000, at(9)),
    prs: pulls + logarithmic(0, 300, at(11)),
    issues: logarithmic(0, 300, at(12)),
    reviews: rev.reduce((sum, each) => sum + each.n, 0) + logarithmic(0, 50, at(13)),
    followers: followersOf(n),
    repoCount: repos.length + logarithmic(0, 60, at(14)),
    forkCount: logarithmic(0, 40, at(15)),
    repos,
    ext,
    rev,
  }
}

function owned(at: (seed: number) => number, i: number): Owned {
  const stars = logarithmic(0, 9_000, at(1))
  const [main, other] = [pick(LANGUAGES, at(2)), pick(LANGUAGES, at(3))]
  return {
    name: `${pick(TOPICS, at(4))}-${i}`,
    stars,
    forks: Math.floor(stars * (0.02 + at(5) / 8)),
    watchers: Math.floor(stars / 60) + 1,
    license: at(6) < 0.8,
    ci: at(7) < 0.6,
    releases: Math.floor(at(8) * 8),
    closedIssues: Math.floor((stars * at(9)) / 8),
    openIssues: Math.floor((stars * at(10)) / 30),
    mergedPRsByOthers: Math.floor((stars * at(11)) / 20),
    monthsSincePush: Math.floor(at(12) * 30),
    langs: main === other ? { [main]: 1 } : { [main]: 0.8, [other]: 0.2 },
    topics: [pick(TOPICS, at(4))],
  }
}

function external(at: (seed: number) => number): External {
  return {
    stars: logarithmic(5, 60_000, at(1)),
    merged: logarithmic(0, 25, at(2)),
    closed: logarithmic(0, 4, at(3)),
    lang: pick(LANGUAGES, at(4)),
  }
}
