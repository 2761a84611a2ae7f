import { rec, round2, sat } from './curves.ts'
import type { Measures } from './measures.ts'
import { STAGES, type Profile, type Stage } from './profile.ts'

/** Below this confidence a page says "not enough public evidence". */
export const ENOUGH = 0.45
/** The highest confidence that public traces can give, and its parts. */
const MOST = 0.9
const COVERAGE = 0.2
const COUNTERPARTIES = { weight: 0.55, half: 12 }
const AGE = { weight: 0.15, half: 3 }
const FRESHNESS = 0.1
/** A forker counts less than a person who merged or was reviewed: this many count as one. */
const FORKERS = 25
const ASKED: Record<Profile['tier'], readonly Stage[]> = {
  deep: STAGES,
  bulk: ['identity', 'years', 'repositories', 'pulls'],
}

/**
 * The confidence of a sheet, 0–.9 in two decimals. Coverage is measured against the tier's stages: that bulk sees no
 * reviews shows in fewer people already, and must not count twice.
 */
export function confidence(m: Measures): number {
  return round2(
    MOST *
      (COVERAGE * coverage(m.profile) +
        COUNTERPARTIES.weight * sat(counterparties(m), COUNTERPARTIES.half) +
        AGE.weight * sat(m.ageYears, AGE.half) +
        FRESHNESS * freshness(m)),
  )
}

function coverage({ tier, missing }: Profile): number {
  const asked = ASKED[tier]
  return asked.filter((stage) => !missing.includes(stage)).length / asked.length
}

/** An account forks a repository once, so the most forked one gives the least number of accounts. */
function counterparties({ people, own }: Measures): number {
  return people + own.reduce((most, { forksByOthers }) => Math.max(most, forksByOthers), 0) / FORKERS
}

/** Freshness of the fetched data, not of the person: 1 within the month. */
function freshness({ profile, monthsSince }: Measures): number {
  return rec(monthsSince(profile.fetchedAt))
}
