import { clamp, noisyOr, sat } from '../curves.ts'
import type { Measures, Own } from '../measures.ts'
import type { Profile } from '../profile.ts'
import { grouped, listed, many, most, named, pullsUrl, strand, type Strand } from './strand.ts'

const ADOPTION = { cap: 0.75, first: 0.9, next: 0.5, top: 5 }
/** The full score is at 10⁴ forks, closed issues and merged pull requests. */
const STEWARDSHIP = { cap: 0.4, decades: 4 }
const ACCEPTED = { cap: 0.6, half: 20 }
const REVIEWS = { cap: 0.45, half: 60 }
const CARE = { cap: 0.1 }

/** Work that others took up, maintained, merged, or asked them to review. */
export function quality(m: Measures): Strand[] {
  return [...adoption(m), ...stewardship(m), ...accepted(m), ...reviews(m), ...care(m)]
}

function adoption({ own, profile }: Measures): Strand[] {
  const top = own.slice(0, ADOPTION.top).filter((one) => one.adoption > 0)
  const strength = noisyOr(top.map((one, k) => ADOPTION.first * one.adoption * ADOPTION.next ** k))
  const names = named(
    top.map(
      ({ repository: { nameWithOwner, stars, forks, watchers } }) =>
        `${nameWithOwner} (${many(stars, 'star')}, ${many(forks, 'fork')}, ${many(watchers, 'watcher')})`,
    ),
  )
  return strand('adoption', ADOPTION.cap, strength, `Others use ${names}: ${profile.pages}/${profile.login}`)
}

function stewardship(m: Measures): Strand[] {
  const tended = ({ repository, adoption }: Own) => {
    const merged = Math.max(0, repository.mergedPulls - ownMerges(m.profile))
    const all = repository.forks + repository.closedIssues + merged
    return { repository, merged, strength: clamp((adoption * Math.log10(1 + all)) / STEWARDSHIP.decades) }
  }
  const best = most(m.own.map(tended))
  if (best === undefined) return []
  const { nameWithOwner, forks, closedIssues } = best.repository
  const merged = best.merged > 0 ? `, at least ${many(best.merged, 'pull request')} of others merged` : ''
  const summary =
    `Keeps ${nameWithOwner}: ${many(forks, 'fork')}, ${many(closedIssues, 'closed issue')}${merged}: ` +
    `${m.profile.pages}/${nameWithOwner}`
  return strand('stewardship', STEWARDSHIP.cap, best.strength, summary)
}

/**
 * The number of merged pull requests to subtract from the stewardship of own repositories. Their own pull requests to
 * their own repositories weigh nothing, but GitHub counts a repository's merged ones whoever wrote them: so all of
 * theirs that were not merged elsewhere are subtracted, as many as possible where that is unknown.
 */
function ownMerges({ totals, pullCounts }: Profile): number {
  return pullCounts === undefined ? Infinity : Math.max(0, totals.merged - pullCounts.merged)
}

function accepted({ profile, merged, pulls, mEff, acceptance }: Measures): Strand[] {
  const url = pullsUrl(profile, 'merged')
  return strand(
    'accepted',
    ACCEPTED.cap,
    acceptance * sat(mEff, ACCEPTED.half),
    `Others merged their work in ${listed(merged)}; ${grouped(pulls.merged)} merged, ${grouped(pulls.closed)} closed unmerged in all: ${url}`,
  )
}

function reviews({ profile, reviewed, rvEff }: Measures): Strand[] {
  const url = pullsUrl(profile, 'reviewed')
  const summary = `Reviewed others' pull requests in ${listed(reviewed)}: ${url}`
  return strand('reviews', REVIEWS.cap, sat(rvEff, REVIEWS.half), summary)
}

/** Only repositories whose tree was fetched count: a bulk import sees no workflows, and that does not mean none. */
function care({ own, profile }: Measures): Strand[] {
  const cared = ({ repository, adoption }: Own) => {
    const { evidence, license, releases } = repository
    const shown = [
      { what: 'a licence', has: license !== null },
      { what: many(releases, 'release'), has: releases > 0 },
      ...(evidence === undefined ? [] : [{ what: 'workflows', has: evidence.hasWorkflows }]),
    ]
    const has = shown.filter((one) => one.has).map((one) => one.what)
    return { repository, has, strength: (adoption * has.length) / shown.length }
  }
  const best = most(own.map(cared))
  if (best === undefined) return []
  const { nameWithOwner } = best.repository
  const summary = `${nameWithOwner} has ${best.has.join(', ')}: ${profile.pages}/${nameWithOwner}`
  return strand('care', CARE.cap, best.strength, summary)
}
