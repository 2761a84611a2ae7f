import type { Fetching } from './fetching.ts'
import type { Identity } from './normalise.ts'
import type { Stage } from './profile.ts'

/** The average number of nodes in an answer. */
const PAGE = 50
const YEAR_MS = 365.25 * 24 * 3_600_000

/** Estimates the number of requests of each stage. */
function planOf({ createdAt, owned, totals }: Identity, now: number): Record<Stage, number> {
  const years = Math.max(1, Math.ceil((now - Date.parse(createdAt)) / YEAR_MS))
  const pages = (count: number) => Math.max(1, Math.ceil(count / PAGE))
  return {
    identity: 1,
    years: years + 1,
    repositories: pages(owned.sources),
    pulls: pages(totals.merged + totals.closed),
    counts: 1,
    reviews: years,
    revisions: 1,
    evidence: 2,
  }
}

/**
 * Reports the progress of a fetch. A completed stage, stored ones too, counts as many requests as were planned for it.
 */
export function createProgress(tell: Fetching['progress']) {
  let plan: Record<Stage, number> | undefined
  let over = 0
  let asked = 0

  function say() {
    if (plan === undefined) return
    const all = Object.values(plan).reduce((sum, requests) => sum + requests, 0)
    tell?.(Math.min(over + asked, all), all)
  }

  return {
    know(identity: Identity) {
      plan = planOf(identity, Date.now())
    },
    asked() {
      asked++
      say()
    },
    over(stage: Stage) {
      over += plan![stage]
      asked = 0
      say()
    },
  }
}
