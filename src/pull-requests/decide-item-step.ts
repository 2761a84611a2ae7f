import type { Rig } from '../domain/rig.ts'
import type { Wanted } from '../domain/wanted.ts'
import { bountyStep } from './bounty.ts'
import { hasMoved } from './evidence-moves.ts'
import type { Goal, LedgerView, Next } from './item-state.ts'

export function goalOf(pull: { open: boolean; draft: boolean; merged: boolean }, named: boolean, spent = false): Goal {
  if (!named) return 'none'
  if (pull.merged) return spent ? 'spent' : 'done'
  if (!pull.open) return 'none'
  return pull.draft ? 'claim' : 'done'
}

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
