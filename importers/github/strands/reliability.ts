import { noisyOr, rec, sat } from '../curves.ts'
import type { Measures } from '../measures.ts'
import type { OwnRepository } from '../profile.ts'
import { grouped, listed, many, named, pullsUrl, strand, type Strand } from './strand.ts'

const MAINTENANCE = { cap: 0.55, next: 0.6 }
const FOLLOW_THROUGH = { cap: 0.5, half: 12 }
const REVIEWING = { cap: 0.4, half: 80 }
const TENURE = { cap: 0.4, half: 4 }

/** Work that continues: maintained repositories, pull requests carried to the end, reviews, years. */
export function reliability(m: Measures): Strand[] {
  return [...maintenance(m), ...followThrough(m), ...reviewing(m), ...tenure(m)]
}

/** Presence: a person who has left counts for half. */
export function presence({ recency }: Measures): number {
  return 0.5 + 0.5 * recency
}

/**
 * For each repository the geometric mean, so that pushes do not make up for issues nobody answers; combined as a noisy
 * or with falling weights and no average, because one repository more must take nothing away. The sentence has the
 * month of a push, because a push a day must not make a sheet a day.
 */
function maintenance({ own, profile, monthsSince }: Measures): Strand[] {
  const kept = own
    .map(({ repository, adoption }) => {
      const shares = [pushes(repository, monthsSince), ...issuesClosed(repository)]
      const product = shares.reduce((all, share) => all * share, 1)
      return { repository, strength: adoption * product ** (1 / shares.length) }
    })
    .filter(({ strength }) => strength > 0)
    .toSorted((a, b) => b.strength - a.strength)
  const names = named(
    kept.map(({ repository }) => {
      const { nameWithOwner, pushedAt, closedIssues, openIssues } = repository
      const issues =
        issuesClosed(repository).length > 0
          ? `, ${grouped(closedIssues)} of ${many(closedIssues + openIssues, 'issue')} closed`
          : ''
      return `${nameWithOwner} (pushed ${pushedAt?.slice(0, 7)}${issues})`
    }),
  )
  return strand(
    'maintenance',
    MAINTENANCE.cap,
    noisyOr(kept.map(({ strength }, k) => strength * MAINTENANCE.next ** k)),
    `Maintains ${names}: ${profile.pages}/${profile.login}`,
  )
}

function pushes({ pushedAt }: OwnRepository, monthsSince: (iso: string) => number): number {
  return pushedAt === null ? 0 : rec(monthsSince(pushedAt))
}

/** No value where nobody can open an issue or nobody did: then the factor drops out. */
function issuesClosed({ hasIssues, closedIssues, openIssues }: OwnRepository): number[] {
  const all = closedIssues + openIssues
  return hasIssues && all > 0 ? [closedIssues / all] : []
}

function followThrough({ profile, pulls, mEff, merged, acceptance }: Measures): Strand[] {
  const inspected = profile.pulls.filter(({ revisions }) => revisions !== undefined)
  const revised = inspected.filter(({ revisions }) => revisions! > 0).length
  const after = inspected.length > 0 ? ` (of ${inspected.length} looked at, ${revised} revised after a review)` : ''
  const url = pullsUrl(profile, 'ended')
  const summary =
    `Of ${many(pulls.merged + pulls.closed, 'pull request')} to others that ended, ${grouped(pulls.merged)} merged, ` +
    `in ${listed(merged)}${after}: ${url}`
  return strand('follow-through', FOLLOW_THROUGH.cap, acceptance * sat(mEff, FOLLOW_THROUGH.half), summary)
}

function reviewing({ profile, reviewed, rvEff }: Measures): Strand[] {
  const reviews = reviewed.reduce((sum, { count }) => sum + count, 0)
  const url = pullsUrl(profile, 'reviewed')
  const summary = `Gave ${many(reviews, 'review')} in ${many(reviewed.length, 'repository', 'repositories')} of others: ${url}`
  return strand('reviewing', REVIEWING.cap, sat(rvEff, REVIEWING.half), summary)
}

function tenure({ profile, corroboration, ageYears }: Measures): Strand[] {
  const summary = `On ${profile.host} since ${profile.createdAt.slice(0, 10)}: ${profile.pages}/${profile.login}`
  return strand('tenure', TENURE.cap, corroboration * sat(ageYears, TENURE.half), summary)
}
