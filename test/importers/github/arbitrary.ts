import fc from 'fast-check'
import { STAGES, type Profile } from '../../../importers/github/profile.ts'
import { blank, monthsAgo, pull, repository } from './profiles.ts'

const stars = fc.oneof(fc.nat(30), fc.nat(3_000), fc.nat(300_000))
const months = fc.constantFrom(...[0, 1, 2, 5, 8, 13, 24, 60, 120].map(monthsAgo))
const language = fc.constantFrom('Go', 'Rust', 'C', 'TypeScript', 'Markdown', 'Klingon', null)
const who = fc.option(
  fc.record({ login: fc.constantFrom('ann', 'Bob', 'carl', 'me', 'merge-queue'), isBot: fc.boolean() }),
  { nil: null },
)

const own = fc
  .record({
    stars,
    forks: fc.oneof(fc.nat(10), fc.nat(5_000)),
    watchers: fc.oneof(fc.nat(10), fc.nat(500)),
    isMirror: fc.boolean(),
    isTemplate: fc.boolean(),
    createdAt: months,
    pushedAt: fc.option(months, { nil: null }),
    license: fc.constantFrom('MIT', null),
    releases: fc.nat(20),
    closedIssues: fc.nat(2_000),
    openIssues: fc.nat(500),
    hasIssues: fc.boolean(),
    mergedPulls: fc.nat(2_000),
    primaryLanguage: language,
    topics: fc.subarray(['cli', 'kernel', 'game', 'react', 'nothing-known']),
  })
  .map((facts) => ({
    ...facts,
    languages: facts.primaryLanguage === null ? [] : [{ name: facts.primaryLanguage, bytes: 100 }],
  }))

export const ownRepository = own.map((facts) => repository('me/new', facts))

/** One answer says one thing of a repository. */
const others = fc.constantFrom(
  { nameWithOwner: 'a/a', stars: 90_000, primaryLanguage: 'Go' },
  { nameWithOwner: 'b/b', stars: 2_000, primaryLanguage: 'Rust' },
  { nameWithOwner: 'c/c', stars: 40, primaryLanguage: null },
  { nameWithOwner: 'd/d', stars: 0, primaryLanguage: 'Haskell' },
)

export const externalPull = fc
  .record({ repository: others, isMerged: fc.boolean(), mergedBy: who, endedAt: months })
  .map(({ repository: there, ...facts }) => pull(there.nameWithOwner, { ...there, ...facts }))

export const givenReview = fc
  .record({ repository: others, at: months, comments: fc.nat(9), author: who })
  .map(({ repository: there, ...facts }) => ({ ...there, ...facts }))

/** People of all kinds, called `me`. */
export const profile: fc.Arbitrary<Profile> = fc
  .record({
    createdAt: months,
    repositories: fc.array(own, { maxLength: 6 }).map((all) => all.map((facts, i) => repository(`me/r${i}`, facts))),
    pulls: fc.array(externalPull, { maxLength: 12 }),
    reviews: fc.array(givenReview, { maxLength: 12 }),
    extra: fc.option(fc.record({ merged: fc.nat(500), closed: fc.nat(500) }), { nil: undefined }),
    ownMerged: fc.nat(3_000),
    followers: fc.nat(),
    commits: fc.nat(50_000),
    tier: fc.constantFrom('deep' as const, 'bulk' as const),
    missing: fc.subarray([...STAGES]),
  })
  .map(({ extra, ownMerged, commits, ...facts }) => {
    const merged = facts.pulls.filter(({ isMerged }) => isMerged).length
    const closed = facts.pulls.length - merged
    return {
      ...blank('me'),
      ...facts,
      totals: {
        merged: merged + (extra?.merged ?? 0) + ownMerged,
        closed: closed + (extra?.closed ?? 0),
        open: 0,
        issues: 0,
      },
      years: [{ from: monthsAgo(12), to: monthsAgo(0), commits, pulls: 0, reviews: 0, issues: 0 }],
      ...(extra === undefined ? {} : { pullCounts: { merged: merged + extra.merged, closed: closed + extra.closed } }),
    }
  })
