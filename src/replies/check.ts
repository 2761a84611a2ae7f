import type { Criterion } from './criteria.ts'
import { count } from '../domain/text.ts'
import type { ItemState, ShownItem } from './shown-item.ts'

/**
 * The conclusion and title of the check run `Wasteland` on a head. `waits`: it has not completed, and will do so by
 * itself.
 */
export interface ShownCheck {
  conclusion: Conclusion
  title: string
}
export type Conclusion = 'action_required' | 'waits' | 'neutral' | 'success'

/** The conclusions by weight: of several items, the first of these conclusions counts. */
const ORDER: readonly Conclusion[] = ['action_required', 'waits', 'neutral', 'success']

/** The check of each state for which it is always the same. */
export const CHECKS: Record<Exclude<ItemState, 'in-review' | 'entered' | 'stamped'>, ShownCheck> = {
  unknown: { conclusion: 'action_required', title: 'Unknown item' },
  'withdrawn-item': { conclusion: 'neutral', title: 'Item withdrawn' },
  waiting: { conclusion: 'neutral', title: 'Waiting: an older pull request has the item' },
  'completed-elsewhere': { conclusion: 'neutral', title: 'Completed by other work' },
  taken: { conclusion: 'neutral', title: 'Taken by somebody else' },
  capped: { conclusion: 'neutral', title: 'Not claimed: its author holds too many' },
  claimed: { conclusion: 'neutral', title: 'Claimed: not submitted yet' },
  'not-entered': { conclusion: 'neutral', title: 'Open bounty: not submitted yet' },
  'not-adopted': { conclusion: 'neutral', title: 'Other work was adopted' },
  rejected: { conclusion: 'action_required', title: 'Rejected: push a correction' },
  spent: { conclusion: 'neutral', title: 'Rejected, and merged' },
  'let-go': { conclusion: 'neutral', title: 'Released' },
  closed: { conclusion: 'neutral', title: 'Closed without a stamp' },
}

/** The check of a pull request that named an item before, and names none now. */
export const NO_ITEM = {
  conclusion: 'neutral',
  title: 'No wanted item',
  summary: 'This pull request names no wanted item any more.',
} as const

/** The check of a commit for which GitHub requests one, and which is not the head of a pull request of ours. */
export const NAMES_NO_ITEM = {
  conclusion: 'neutral',
  title: 'No wanted item',
  summary: 'No pull request with this commit names a wanted item.',
} as const

/** The check of a pull request that names items, or texts that are meant as an id and are none. */
export function checkOf(items: readonly ShownItem[], malformed: readonly string[]): ShownCheck {
  const wrong: ShownCheck[] = malformed.map(() => ({ conclusion: 'action_required', title: 'Not an id' }))
  const all = [...items.map(ofItem), ...wrong].toSorted(
    (a, b) => ORDER.indexOf(a.conclusion) - ORDER.indexOf(b.conclusion),
  )
  const { conclusion, title } = all[0]!
  return { conclusion, title: all.length === 1 ? title : `${title} (${all.length} items)` }
}

function ofItem({ state, criteria = [], deferred = [], reverts = [] }: ShownItem): ShownCheck {
  if (state.is === 'in-review' || state.is === 'entered') return inReview(criteria, deferred)
  if (state.is !== 'stamped') return CHECKS[state.is]
  if (reverts.length > 0) return { conclusion: 'neutral', title: 'Stamped, and reverted since' }
  if (state.stamps.length > 0 && state.stamps.every(({ stale }) => stale === true))
    return { conclusion: 'neutral', title: 'Stamped, and changed since' }
  return { conclusion: 'success', title: 'Stamped' }
}

function inReview(criteria: readonly Criterion[], deferred: NonNullable<ShownItem['deferred']>): ShownCheck {
  const met = criteria.filter(({ state }) => state === 'met').length
  if (criteria.some(({ state }) => state === 'unmet'))
    return {
      conclusion: 'action_required',
      title: `Not ready for a stamp: ${met} of ${count(criteria.length, 'criterion', 'criteria')} met`,
    }
  if (met < criteria.length) return { conclusion: 'waits', title: 'Waiting for checks' }
  return deferred.some(({ stale }) => !stale)
    ? { conclusion: 'success', title: 'A stamp waits for the merge' }
    : { conclusion: 'neutral', title: 'Ready for a stamp' }
}
