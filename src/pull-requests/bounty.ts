import type { Wanted } from '../domain/wanted.ts'
import { hasMoved } from './evidence-moves.ts'
import type { Goal, LedgerView, Next } from './item-state.ts'

/**
 * The next step of a pull request for an open bounty (`domain/bounty.ts`):
 *
 *   ready for review or merged → `enter`, again when its evidence moved; anything else, or a rejected head → `leave`.
 *
 * Undefined where the rules of other items hold: the item is no bounty, or somebody holds it.
 */
export function bountyStep(goal: Goal, view: LedgerView, evidence: string | undefined): Next | undefined {
  const { item, rig, mine, entered = false, rejected } = view
  if (item === undefined) return undefined
  if (item.status === 'completed' || item.status === 'withdrawn') return entered ? overFor(goal, item) : undefined
  const isOpen = view.bounty === true && item.status === 'open'
  const isHeldByOthers = view.bounty === true && item.status !== 'open' && item.claimedBy !== rig?.handle
  const enters = goal === 'done' && (isHeldByOthers || (isOpen && rejected === undefined))
  if (entered && !enters) return { step: 'leave' }
  if (!isOpen) return undefined
  if (goal === 'none') return { rest: 'let-go' }
  if (goal === 'spent') return { rest: 'spent' }
  if (goal === 'claim') return { rest: 'not-entered' }
  if (rig === undefined) return { step: 'register' }
  if (rejected !== undefined) return { rest: 'rejected' }
  if (!entered && rig.trustLevel < 0) return { rest: 'capped' }
  return !entered || hasMoved(mine!.evidence, evidence) ? { step: 'enter' } : { rest: 'entered' }
}

/** The final state of an entry whose item has ended. The rows of entries that were not adopted stay as they are. */
function overFor(goal: Goal, { status }: Wanted): Next | undefined {
  if (goal === 'none') return { rest: 'let-go' }
  return status === 'completed' ? { rest: 'not-adopted' } : undefined
}
