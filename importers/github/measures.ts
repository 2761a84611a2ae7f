import { clamp, rec, sat } from './curves.ts'
import type { ExternalPull, OwnRepository, Profile } from './profile.ts'

/** The first three forks and watchers count as friends; each further one bears out this many stars at most. */
const FRIENDS = 3
const STARS_PER_FORK = 25
const STARS_PER_WATCHER = 60
/** The first ten stars count nothing; an own repository reaches the full score at 10⁵, one of others at 10⁴. */
const OWN_DECADES = 4
const OTHERS_DECADES = 3
const LEAST_WEIGHT = 0.05
/** Merges in one repository beyond this number do not count. */
const MERGES_PER_REPOSITORY = 10
const REVIEWS_PER_REPOSITORY = 30
/** Bayesian prior: a newcomer starts with three merged of five, so that one rejection sinks nobody. */
const PRIOR = { merged: 3, all: 5 }
/** For the share of merged pull requests: nothing below the first, everything above the sum. */
const ACCEPTED_FROM = 0.3
const ACCEPTED_WITHIN = 0.6
const CORROBORATED_HALF = 10
const MONTH = (365.25 / 12) * 86_400_000

/** A repository of the person's own. */
export interface Own {
  repository: OwnRepository
  /** Stars that forks and watchers bear out. */
  starsEff: number
  /** Adoption by others, 0–1. */
  adoption: number
  forksByOthers: number
}

/** A repository of others, with the person's work there. */
export interface Others {
  name: string
  stars: number
  primaryLanguage: string | null
  /** The weight of the repository, .05–1. */
  weight: number
  count: number
  /** Its contribution: weight × count, which is limited. */
  mass: number
}

/** The inputs of the strands. */
export interface Measures {
  profile: Profile
  /** The most adopted first. */
  own: Own[]
  /** Repositories where others merged the person's pull requests, the most mass first. */
  merged: Others[]
  reviewed: Others[]
  /** Sums of mass. */
  mEff: number
  rvEff: number
  pulls: { merged: number; closed: number }
  /** Acceptance of the person's pull requests, 0–1. */
  acceptance: number
  /** Corroboration by others at all, 0–1. */
  corroboration: number
  /** The number of people who merged their work or whose work they reviewed. */
  people: number
  ageYears: number
  /** The time of the last push, merge or review; undefined where there is none. */
  lastSeen: string | undefined
  /** Recency of activity: 1 this month, a half after two years. */
  recency: number
  monthsSince(iso: string): number
}

/** Measures a profile as of the month of `now`, so that time alone changes a sheet once a month and not each day. */
export function measure(profile: Profile, now: Date): Measures {
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth())
  const monthsSince = (iso: string) => Math.max(0, month - Date.parse(iso)) / MONTH
  const isAnother = (who: { login: string } | null) =>
    who !== null && who.login.toLowerCase() !== profile.login.toLowerCase()

  const own = profile.repositories.map(ownOf).toSorted(byAdoption)
  const mergedPulls = profile.pulls.filter((pull) => pull.isMerged && isAnother(pull.mergedBy))
  const reviews = profile.reviews.filter((review) => isAnother(review.author) && !review.author!.isBot)
  const merged = byRepository(mergedPulls, MERGES_PER_REPOSITORY)
  const reviewed = byRepository(reviews, REVIEWS_PER_REPOSITORY)
  const mEff = massOf(merged)
  const rvEff = massOf(reviewed)
  const pulls = {
    merged: Math.max(profile.pullCounts?.merged ?? 0, mergedPulls.length),
    closed: Math.max(profile.pullCounts?.closed ?? 0, profile.pulls.filter((pull) => !pull.isMerged).length),
  }
  const share = (pulls.merged + PRIOR.merged) / (pulls.merged + pulls.closed + PRIOR.all)
  const people = [...mergedPulls.map((pull) => pull.mergedBy!), ...reviews.map((review) => review.author!)]
  // Pushes to unused repositories and rejected pull requests are left out: neither must make anybody look more active.
  const lastSeen = [
    ...own.filter(({ adoption }) => adoption > 0).flatMap(({ repository }) => repository.pushedAt ?? []),
    ...mergedPulls.map((pull) => pull.endedAt),
    ...reviews.map((review) => review.at),
  ].reduce<string | undefined>(
    (last, at) => (last === undefined || Date.parse(at) > Date.parse(last) ? at : last),
    undefined,
  )
  return {
    profile,
    own,
    merged,
    reviewed,
    mEff,
    rvEff,
    pulls,
    acceptance: clamp((share - ACCEPTED_FROM) / ACCEPTED_WITHIN),
    corroboration: sat(
      mEff + 0.5 * rvEff + own.reduce((sum, { starsEff }) => sum + starsEff, 0) / 10,
      CORROBORATED_HALF,
    ),
    people: new Set(people.filter((who) => !who.isBot).map((who) => who.login.toLowerCase())).size,
    ageYears: monthsSince(profile.createdAt) / 12,
    lastSeen,
    recency: lastSeen === undefined ? 0 : rec(monthsSince(lastSeen)),
    monthsSince,
  }
}

/** Sorted down to the name, so that the same repositories always make the same sheet. */
function byAdoption(a: Own, b: Own): number {
  const byName = a.repository.nameWithOwner < b.repository.nameWithOwner ? -1 : 1
  return b.adoption - a.adoption || b.starsEff - a.starsEff || byName
}

function ownOf(repository: OwnRepository): Own {
  const forksByOthers = Math.max(0, repository.forks - FRIENDS)
  const isTheirs = !repository.isTemplate && !repository.isMirror
  const starsEff = isTheirs
    ? Math.min(
        repository.stars,
        STARS_PER_FORK * forksByOthers,
        STARS_PER_WATCHER * Math.max(0, repository.watchers - FRIENDS),
      )
    : 0
  return { repository, starsEff, adoption: decades(starsEff, OWN_DECADES), forksByOthers }
}

function decades(stars: number, whole: number): number {
  return clamp((Math.log10(1 + stars) - 1) / whole)
}

function byRepository(
  acts: readonly Pick<ExternalPull, 'nameWithOwner' | 'stars' | 'primaryLanguage'>[],
  most: number,
): Others[] {
  return [...Map.groupBy(acts, ({ nameWithOwner }) => nameWithOwner)]
    .map(([name, all]) => {
      const stars = Math.max(...all.map((act) => act.stars))
      const weight = Math.max(LEAST_WEIGHT, decades(stars, OTHERS_DECADES))
      const mass = Math.min(all.length, most) * weight
      return { name, stars, primaryLanguage: all[0]!.primaryLanguage, weight, count: all.length, mass }
    })
    .toSorted((a, b) => b.mass - a.mass || (a.name < b.name ? -1 : 1))
}

function massOf(repositories: readonly Others[]): number {
  return repositories.reduce((sum, { mass }) => sum + mass, 0)
}
