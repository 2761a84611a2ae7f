import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import { askToConfirm, confirmedLine } from './confirm.ts'
import { items, shownItem } from './items.ts'

const NEXT = {
  claimed: 'Let the claim go first: `/wl unclaim`; a pull request that holds it is closed, or names it no longer.',
  in_review: 'Its work is judged first: `/wl stamp`, `/wl reject` or `/wl close`.',
}

/** Replies to `/wl withdraw`, which takes an item off the board. */
export const withdrawing = {
  example: '/wl withdraw w-0123456789',
  done(item: WantedDetails): string {
    return `Withdrawn: ${shownItem(item)} is off the board for good. To offer the work again, post a new issue.`
  },
  whetherMeant(item: WantedDetails, reason: string | undefined): string {
    return askToConfirm(
      `${shownItem(item)} would be off the board for good: neither it nor its issue comes back, and to offer the work again a new issue is posted.`,
      confirmedLine('withdraw', { item: item.id, reason }),
      ['To change what it asks for instead: `/wl update`.'],
    )
  },
  notOpen(item: Wanted): string {
    return items.onlyOpen('withdrawn', item, NEXT)
  },
} as const
