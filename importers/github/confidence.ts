import { rec, round2, sat } from './curves.ts'
import type { Measures } from './measures.ts'
import { STAGES, type Profile, type Stage } from './profile.ts'

/** Below it a page says "not enough public evidence". */
export const ENOUGH = 0.45
/** What the reading of public traces can be sure of at most, and what it goes by. */
const MOST = 0.9
const COVERAGE = 0.2
const COUNTERPARTIES = { weight: 0.55, half: 12 }
const AGE = { weight: 0.15, half: 3 }
const FRESHNESS = 0.1
/** Whoever forked is less of a witness than who merged or was reviewed: so many make one. */
const FORKERS = 25
const ASKED: Record<Profile['tier'], readonly Stage[]> = {
  deep: STAGES,
  bulk: ['identity', 'years', 'repositories', 'pulls'],
}

/**
 * How sure the sheet is, 0–.9 in two decimals. Coverage is of what the tier asks for: that bulk sees no reviews
 * already shows in fewer people, and must not count twice.
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

/** An account forks a repository once: the most forked one tells of so many accounts at least. */
function counterparties({ people, own }: Measures): number {
  return people + own.reduce((most, { forksByOthers }) => Math.max(most, forksByOthers), 0) / FORKERS
}

/** Of what was fetched, not of the person: 1 within the month. */
function freshness({ profile, monthsSince }: Measures): number {
  return rec(monthsSince(profile.fetchedAt))
}
