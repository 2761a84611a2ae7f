import { clamp, noisyOr, sat } from '../curves.ts'
import type { Measures } from '../measures.ts'
import { many, most, named, pullsUrl, strand, type Strand } from './strand.ts'

const ORIGINATION = { cap: 0.65, first: 0.8, next: 0.7 }
/** The full score is at 10⁴ forks. */
const FORKED = { cap: 0.35, decades: 4 }
const BREADTH = { cap: 0.4, half: 4 }
const REACH = { cap: 0.3, half: 25 }

/**
 * Work that they began and others took up, and the breadth of their fields. `fields`: languages and domains with
 * weight.
 */
export function creativity(m: Measures, fields: readonly string[]): Strand[] {
  return [...origination(m), ...forked(m), ...breadth(m, fields), ...reach(m)]
}

function origination({ own, profile }: Measures): Strand[] {
  const begun = own.filter((one) => one.adoption > 0)
  const names = named(
    begun.map(({ repository }) => `${repository.nameWithOwner} (${repository.createdAt.slice(0, 4)})`),
  )
  return strand(
    'origination',
    ORIGINATION.cap,
    noisyOr(begun.map((one, k) => ORIGINATION.first * one.adoption * ORIGINATION.next ** k)),
    `Began ${names}, which others took up: ${profile.pages}/${profile.login}?tab=repositories&type=source`,
  )
}

function forked({ own, profile }: Measures): Strand[] {
  const best = most(
    own.map(({ repository, adoption, forksByOthers }) => ({
      repository,
      strength: adoption * clamp(Math.log10(1 + forksByOthers) / FORKED.decades),
    })),
  )
  if (best === undefined) return []
  const { nameWithOwner, forks } = best.repository
  const summary = `Others built on ${nameWithOwner}: ${many(forks, 'fork')}: ${profile.pages}/${nameWithOwner}/forks`
  return strand('forks by others', FORKED.cap, best.strength, summary)
}

function breadth({ corroboration }: Measures, fields: readonly string[]): Strand[] {
  const summary = `Work that others use or merged in ${fields.length} languages and fields: ${fields.slice(0, 8).join(', ')}.`
  return strand('breadth', BREADTH.cap, corroboration * sat(fields.length - 1, BREADTH.half), summary)
}

function reach({ profile, merged, acceptance }: Measures): Strand[] {
  const url = pullsUrl(profile, 'merged')
  return strand(
    'reach',
    REACH.cap,
    sat(merged.length, REACH.half) * (0.5 + 0.5 * acceptance),
    `Merged by others in ${many(merged.length, 'repository', 'repositories')}: ${named(merged.map(({ name }) => name))}: ${url}`,
  )
}
