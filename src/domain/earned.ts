import type { Account } from './rig.ts'

/** What a rig earned here, as a page shows it. */
export interface EarnedSheet {
  /** The rig's. */
  handle: string
  /** Whose rig it is, where it is somebody of this GitHub. */
  account: { id: number; login: string } | undefined
  trustLevel: number
  /** What was imported of them was forgotten: no picture of them is shown. */
  isForgotten: boolean
  /** The newest first; of each validator the last on one work. At most `MOST_STAMPS`. */
  stamps: readonly EarnedStamp[]
  /** How many there are. */
  total: number
}

export interface EarnedStamp {
  id: string
  /** The wanted item's id and title; empty for work that the ledger does not have. */
  item: string
  title: string
  /** What the validator gave, of 5 each. */
  scores: Readonly<Record<string, number>>
  /** The validator's rig. */
  by: string
  /** `2026-11-21`. */
  day: string
  /** The address of the evidence. */
  evidence: string | undefined
}

export const MOST_STAMPS = 100

/** The ledger, as pages ask it. */
export interface Earned {
  /** By a rig's handle, or a person of this GitHub. Undefined without a rig, and for who takes no part any more. */
  find(who: string | Pick<Account, 'id' | 'login'>): Promise<EarnedSheet | undefined>
}
