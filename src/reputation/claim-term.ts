/** The expiry of a claim, and the time from which it is announced. */
export interface ClaimTerm {
  announceAt: Date
  endsAt: Date
}

const DAY_MS = 24 * 3_600_000

/** The term of a claim that lasts some days: its expiry is announced a fifth before, but at least a day. */
export function termOf(claimedAt: Date, days: number): ClaimTerm {
  const endsAt = claimedAt.getTime() + days * DAY_MS
  return { announceAt: new Date(endsAt - noticeOf(days)), endsAt: new Date(endsAt) }
}

/** A term whose expiry can still be announced in time: one that is too near is extended by the notice. */
export function announceable(term: ClaimTerm, now: Date): ClaimTerm {
  const soonest = now.getTime() + term.endsAt.getTime() - term.announceAt.getTime()
  return term.endsAt.getTime() >= soonest ? term : { announceAt: now, endsAt: new Date(soonest) }
}

function noticeOf(days: number): number {
  return Math.max(days / 5, 1) * DAY_MS
}
