import { type Completion } from '../domain/completion.ts'
import type { Rig } from '../domain/rig.ts'
import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import { bountyStep } from './bounty.ts'
import { hasMoved } from './evidence-moves.ts'

/**
 * What a pull request asks of the ledger, from what GitHub says it is now:
 *
 *   draft → `claim`; ready for review or merged → `done`; closed unmerged, or no longer naming the item → `none`;
 *   merged with the head that a validator rejected → `spent`: it takes and holds no item, and lets none go.
 *
 * `nextStep` compares that with the ledger and names one step; it is asked again after each until it rests. So
 * events may come twice, late or in another order and end in the same rows. Open bounties have rules of their own
 * (`bounty.ts`).
 */
export type Goal = 'none' | 'claim' | 'done' | 'spent'

export function goalOf(pull: { open: boolean; draft: boolean; merged: boolean }, named: boolean, spent = false): Goal {
  if (!named) return 'none'
  if (pull.merged) return spent ? 'spent' : 'done'
  if (!pull.open) return 'none'
  return pull.draft ? 'claim' : 'done'
}

export interface LedgerView {
  item: (Wanted & Partial<Pick<WantedDetails, 'description' | 'updatedAt'>>) | undefined
  /** The rig of the pull request's author. */
  rig: Rig | undefined
  /** The completion that this pull request has put in, if any. */
  mine: Completion | undefined
  /** True when that is an entry of an open bounty, on its branch only. */
  entered?: boolean
  /** True when the item has the tag of open bounties. */
  bounty?: boolean
  /** The work that completed a bounty. */
  adopted?: Completion | undefined
  /** True when an older pull request waits for the item, so that this one must not take it. */
  olderWaits: boolean
  /** True when the author's claim may rest on another open pull request of theirs. */
  heldElsewhere: boolean
  /** True when the author's claim is none of this pull request's: it had let the item go before, or is spent. */
  claimedApart: boolean
  /** True when the author holds as many claims as their trust level allows: they may reserve no more. */
  capped: boolean
  /** Why a validator rejected this very head: it is not submitted again. */
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

export function nextStep(goal: Goal, view: LedgerView, evidence: string | undefined): Next {
  const { item, rig, mine } = view
  if (mine !== undefined && mine.stampId !== null) return { rest: 'stamped' }
  if (item === undefined) return { rest: 'unknown' }
  const ofBounty = bountyStep(goal, view, evidence)
  if (ofBounty !== undefined) return ofBounty
  if (goal === 'none') return releaseItem(item, view)
  if (item.status === 'completed') return { rest: mine === undefined ? 'completed-elsewhere' : 'closed' }
  if (item.status === 'withdrawn') return { rest: 'withdrawn-item' }
  if (goal === 'spent') return { rest: 'spent' }
  if (item.status === 'open') {
    if (view.olderWaits) return { rest: 'waiting' }
    // The cap is on reservations: work that is ready reserves nothing, and is submitted whatever its author holds.
    const isReady = goal === 'done' && view.rejected === undefined
    if (isSuspended(rig) || (view.capped && !isReady)) return { rest: 'capped' }
    if (rig === undefined) return { step: 'register' }
    return { step: isReady ? 'submit' : 'claim' }
  }
  if (rig === undefined || item.claimedBy !== rig.handle) return { rest: 'taken' }
  if (item.status === 'claimed') {
    if (goal === 'claim') return { rest: 'claimed' }
    return view.rejected === undefined ? { step: 'done' } : { rest: 'rejected' }
  }
  if (item.status !== 'in_review' || mine === undefined) return { rest: 'taken' }
  if (goal === 'claim') return { step: 'withdraw' }
  return hasMoved(mine.evidence, evidence) ? { step: 'evidence' } : { rest: 'in-review' }
}

function isSuspended(rig: Rig | undefined): boolean {
  return rig !== undefined && rig.trustLevel < 0
}

function releaseItem(item: Wanted, { rig, mine, heldElsewhere, claimedApart }: LedgerView): Next {
  const held = rig !== undefined && item.claimedBy === rig.handle
  if (held && mine !== undefined && item.status === 'in_review') return { step: 'withdraw' }
  const isOurs = held && item.status === 'claimed' && !heldElsewhere && !claimedApart
  return isOurs ? { step: 'unclaim' } : { rest: 'let-go' }
}
