import type { TrustRefusal } from '../domain/refusals.ts'
import type { Rig } from '../domain/rig.ts'
import type { Tie } from '../domain/ties.ts'
import { TRUSTED } from './permit.ts'

/** The trust level of a suspended rig. It is kept in the rig's own row, so that it is in Dolt and travels with it. */
export const SUSPENDED = -1

/** The rig that asks for a change of trust, as the transaction reads it. */
export interface TrustedBy {
  rig: Rig
  /** Every rig of the same owner, this one included. */
  ownRigs: ReadonlySet<string>
  /** A rig of level 3 that their side lowered within the day, as `loweredWithinDay` tells. */
  lowered?: string | undefined
}

/**
 * The reason why a rig's trust may not be set to this level; undefined when it may. The operator (no `by`) may set any.
 */
export function trustRefusal(by: TrustedBy | undefined, target: Rig, level: number): TrustRefusal | undefined {
  if (by !== undefined) {
    const own = by.rig.trustLevel
    if (own < TRUSTED) return { rule: 'not-trusted', level: own }
    if (by.rig.rigType === 'agent') return { rule: 'agent' }
    if (by.ownRigs.has(target.handle)) return { rule: 'oneself', rig: target.handle }
    const highest = Math.max(level, target.trustLevel)
    if (highest > own) return { rule: 'above', rig: target.handle, level: highest }
    if (by.lowered !== undefined && target.trustLevel >= TRUSTED && level < TRUSTED)
      return { rule: 'one-a-day', rig: target.handle, lowered: by.lowered }
  }
  return target.trustLevel === level ? { rule: 'already', rig: target.handle, level } : undefined
}

const DAY_MS = 86_400_000
/** A promotion so recent puts the promoted person on the promoter's side. */
const PROMOTED_MS = 7 * DAY_MS

/** A past change of trust, as the ledger's commits tell it. */
export interface PastTrustChange {
  by: string
  rig: string
  before: number
  after: number
  /** GitHub's time of the command. */
  at: Date
}

/**
 * A rig of level 3 that the side of `by` lowered within a day of `at`; undefined when it lowered none. A person's side
 * is their own rigs, and everybody who was promoted to level 3 by one of the side within 7 days, or promoted one of it
 * so. This keeps one person from promoting a second to suspend everybody else.
 */
export function loweredWithinDay(
  by: string,
  at: Date,
  changes: readonly PastTrustChange[],
  ties: readonly Tie[],
): string | undefined {
  const within = (change: PastTrustChange, ms: number) => Math.abs(at.getTime() - change.at.getTime()) < ms
  const promotions = changes.filter((change) => change.after >= TRUSTED && within(change, PROMOTED_MS))
  const side = sideOf(by, [...ties, ...promotions.map((change): Tie => [change.by, change.rig])])
  return changes.find(
    (change) => change.before >= TRUSTED && change.after < TRUSTED && within(change, DAY_MS) && side.has(change.by),
  )?.rig
}

function sideOf(rig: string, pairs: readonly Tie[]): Set<string> {
  const side = new Set([rig])
  // A Set grows while it is walked: each member is visited once.
  for (const one of side)
    for (const [left, right] of pairs) {
      if (left === one) side.add(right)
      if (right === one) side.add(left)
    }
  return side
}
