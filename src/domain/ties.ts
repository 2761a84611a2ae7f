/** A tie between two rigs of one owner, by a completed `same_owner` link or by `parent_rig`. */
export type Tie = readonly [string, string]

/** A tie that has ended. */
export interface EndedTie {
  one: string
  other: string
  /** When it last stood. */
  endedAt: Date
}

/**
 * The clock of Dolt's server is not GitHub's: a tie that ended less than this before work began counts as having stood
 * then. A person who waits a few minutes longer loses nothing.
 */
const CLOCK_SKEW_MS = 5 * 60_000

/**
 * The ties that stood at some moment since then. Ownership counts as it was when the work was done: taking it back
 * later changes nothing.
 */
export function stoodSince(ended: readonly EndedTie[], since: Date): Tie[] {
  return ended
    .filter(({ endedAt }) => endedAt.getTime() + CLOCK_SKEW_MS >= since.getTime())
    .map(({ one, other }) => [one, other] as const)
}

/** Every rig that ties connect with this one, through any number of rigs; itself included. */
export function tied(handle: string, ties: readonly Tie[]): Set<string> {
  const next = new Map<string, string[]>()
  for (const [one, other] of ties) {
    next.set(one, [...(next.get(one) ?? []), other])
    next.set(other, [...(next.get(other) ?? []), one])
  }
  const rigs = new Set([handle])
  // A Set's iterator also yields members that are added during iteration.
  for (const rig of rigs) for (const other of next.get(rig) ?? []) rigs.add(other)
  return rigs
}

/** Every rig that had the same owner at some moment since then: by ties that stand now, and by ties that have ended. */
export function sameOwnerSince(
  handle: string,
  standing: readonly Tie[],
  ended: readonly EndedTie[],
  since: Date,
): Set<string> {
  return tied(handle, [...standing, ...stoodSince(ended, since)])
}
