import type { Account } from './rig.ts'

/** The work and stamps of a rig in this commons, as a page shows them. */
export interface EarnedSheet {
  /** The rig's handle. */
  handle: string
  /** The account of the rig's owner, where it is one of this GitHub. */
  account: { id: number; login: string } | undefined
  trustLevel: number
  /** The person's imported data was erased: no picture of them is shown. */
  isForgotten: boolean
  /** The newest first, at most `MOST_STAMPS`; a validator's later stamp on the same work replaces the earlier. */
  stamps: readonly EarnedStamp[]
  /** The number of stamps, shown or not. */
  total: number
}

export interface EarnedStamp {
  id: string
  /** The wanted item's id and title; empty for work that the ledger does not have. */
  item: string
  title: string
  /** The validator's scores, each of 5. */
  scores: Readonly<Record<string, number>>
  /** The validator's rig. */
  by: string
  /** `2026-11-21`. */
  day: string
  /** The address of the evidence. */
  evidence: string | undefined
}

export const MOST_STAMPS = 100

/** Reads earned sheets from the ledger, for pages. */
export interface Earned {
  /**
   * Finds a sheet by a rig's handle or by a person of this GitHub. Undefined where there is no rig, and for a person
   * who takes no part any more.
   */
  find(who: string | Pick<Account, 'id' | 'login'>): Promise<EarnedSheet | undefined>
}
