import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import type { Rig } from '../domain/rig.ts'
import type { Completion } from '../domain/completion.ts'

/**
 * The goal of a pull request for an item in the ledger, by what GitHub says it is now:
 *
 *   draft → `claim`; ready for review or merged → `done`; closed unmerged, or no longer naming the item → `none`;
 *   merged with the head that a validator rejected → `spent`: it takes and holds no item, and releases none.
 *
 * `nextStep` compares the goal with the ledger and names one step. It is called again after each step, until it names
 * none. So events may come twice, late or in another order and end in the same rows. Open bounties have rules of their
 * own (`bounty.ts`).
 */
export type Goal = 'none' | 'claim' | 'done' | 'spent'

export interface LedgerView {
  item: (Wanted & Partial<Pick<WantedDetails, 'description' | 'tags' | 'updatedAt'>>) | undefined
  /** The rig of the pull request's author. */
  rig: Rig | undefined
  /** The completion that this pull request has submitted, if any. */
  mine: Completion | undefined
  /** True when that is an entry of an open bounty, on its branch only. */
  entered?: boolean
  /** True when the item has the tag of open bounties. */
  bounty?: boolean
  /** The work that completed a bounty. */
  adopted?: Completion | undefined
  /** True when an older pull request waits for the item, so that this one must not take it. */
  olderWaits: boolean
  /** True when the author's claim may belong to another open pull request of theirs. */
  heldElsewhere: boolean
  /**
   * True when the author's claim does not belong to this pull request: it had released the item before, or is spent.
   */
  claimedApart: boolean
  /** True when the author holds as many claims as their trust level allows: they may reserve no more. */
  capped: boolean
  /** The reason why a validator rejected this head; a rejected head is not submitted again. */
  rejected?: string | undefined
}

export type Step = 'register' | 'claim' | 'submit' | 'done' | 'evidence' | 'withdraw' | 'unclaim' | 'enter' | 'leave'

export type Rest =
  | 'unknown'
  | 'withdrawn-item'
  | 'taken'
  | 'waiting'
  | 'capped'
  | 'completed-elsewhere'
  | 'claimed'
  | 'rejected'
  | 'spent'
  | 'in-review'
  | 'stamped'
  | 'closed'
  | 'let-go'
  | 'not-entered'
  | 'entered'
  | 'not-adopted'

export type Next = { step: Step } | { rest: Rest }
