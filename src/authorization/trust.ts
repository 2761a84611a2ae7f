import type { Rig } from '../domain/rig.ts'
import { TRUSTED } from './permit.ts'

/** Kept in the rig's own row, so that it is in Dolt and travels with it. */
export const SUSPENDED = -1

export type TrustRefusal =
  | { rule: 'not-trusted'; level: number }
  | { rule: 'agent' }
  | { rule: 'oneself'; rig: string }
  | { rule: 'above'; rig: string; level: number }
  | { rule: 'already'; rig: string; level: number }

/** Who asks for a change of trust, as the writer's turn reads them. */
export interface TrustedBy {
  rig: Rig
  /** Every rig of the same owner, this one included. */
  ownRigs: ReadonlySet<string>
}

/** Why a rig's trust may not be set to this level; undefined when it may. The operator (no `by`) may set any. */
export function trustRefusal(by: TrustedBy | undefined, target: Rig, level: number): TrustRefusal | undefined {
  if (by !== undefined) {
    const own = by.rig.trustLevel
    if (own < TRUSTED) return { rule: 'not-trusted', level: own }
    if (by.rig.rigType === 'agent') return { rule: 'agent' }
    if (by.ownRigs.has(target.handle)) return { rule: 'oneself', rig: target.handle }
    const highest = Math.max(level, target.trustLevel)
    if (highest > own) return { rule: 'above', rig: target.handle, level: highest }
  }
  return target.trustLevel === level ? { rule: 'already', rig: target.handle, level } : undefined
}
