import { clamp, rec, sat } from './curves.ts'
import type { ExternalPull, OwnRepository, Profile } from './profile.ts'

/** Three forks and watchers are friends; each further one stands for so many stars at most. */
const FRIENDS = 3
const STARS_PER_FORK = 25
const STARS_PER_WATCHER = 60
/** The first ten stars say nothing; an own repository is whole at 10⁵, one of others at 10⁴. */
const OWN_DECADES = 4
const OTHERS_DECADES = 3
const LEAST_WEIGHT = 0.05
/** More of them in one repository count no more. */
const MERGES_PER_REPOSITORY = 10
const REVIEWS_PER_REPOSITORY = 30
/** A newcomer starts with three merged of five, so that one rejection sinks nobody. */
const PRIOR = { merged: 3, all: 5 }
/** Of the share merged: nothing below the first, all above the sum. */
const ACCEPTED_FROM = 0.3
const ACCEPTED_WITHIN = 0.6
const CORROBORATED_HALF = 10
const MONTH = (365.25 / 12) * 86_400_000

/** A repository of theirs. */
export interface Own {
  repository: OwnRepository
  /** Stars that forks and watchers bear out. */
  starsEff: number
  /** How far it is adopted, 0–1. */
  adoption: number
  forksByOthers: number
}

/** A repository of others, and what they did there. */
export interface Others {
  name: string
  stars: number
  primaryLanguage: string | null
  /** How much it weighs, .05–1. */
  weight: number
  count: number
  /** What it adds: weight × count, which is limited. */
  mass: number
}

/** What the strands are made of. */
export interface Measures {
  profile: Profile
  /** The most adopted first. */
  own: Own[]
  /** Where others merged their pull requests, the most mass first. */
  merged: Others[]
  reviewed: Others[]
  /** Sums of mass. */
  mEff: number
  rvEff: number
  pulls: { merged: number; closed: number }
  /** How willingly their pull requests are merged, 0–1. */
  acceptance: number
  /** How far others bear them out at all, 0–1. */
  corroboration: number
  /** People who merged their work or whose work they reviewed. */
  people: number
  ageYears: number
  /** Of the last push, merge or review; undefined where there is none. */
  lastSeen: string | undefined
  /** 1 for somebody here this month, a half after two years. */
  recency: number
  monthsSince(iso: string): number
}

/**
 * Reads a profile as of the month of `now`: by the clock alone a sheet changes with the month and not each day.
 */
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
  // No push to what nobody uses, and no pull request that was turned down: neither must make anybody look more alive.
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

/** To the name, so that the same repositories always make the same sheet. */
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
