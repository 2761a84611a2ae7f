import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import { askToConfirm, confirmedLine } from './confirm.ts'
import { shownItem } from './items.ts'
import { quote } from './markdown.ts'

/** Replies to `/wl close`, which completes work without a stamp. */
export const closing = {
  example: '/wl close w-0123456789',
  done(item: WantedDetails): string {
    return `Closed ${shownItem(item)} without a stamp: it is completed, gives no reputation and is shown as unvalidated.`
  },
  whetherMeant(item: WantedDetails, reason: string | undefined): string {
    return askToConfirm(
      `${shownItem(item)} would be completed without a stamp: it gives no reputation and is shown as unvalidated. That is final: it can be neither undone nor stamped afterwards.`,
      confirmedLine('close', { item: item.id, reason }),
      [
        'For the work to count, somebody who may stamp says `/wl stamp quality=4`; `/wl reject reason="…"` sends it back to who did it.',
      ],
    )
  },
  notYours({ postedBy }: Wanted): string {
    const poster =
      postedBy === null
        ? 'Nobody may close this item, for it has no poster.'
        : `Only the poster of the item, ${quote(postedBy)}, may close it.`
    return `${poster} Who may stamp judges the work instead: \`/wl stamp quality=4\` or \`/wl reject reason="…"\`.`
  },
  notInReview({ id, status }: Wanted): string {
    const next: Partial<Record<string, string>> = {
      open: 'nobody has worked on it. To take it off the board: `/wl withdraw`.',
      claimed: 'its work is not submitted yet. Its holder submits it, or `/wl unclaim` releases it.',
      completed: 'it is completed already.',
      withdrawn: 'it is off the board already.',
    }
    return `Only work in review can be closed, and ${quote(id)} is ${status.replace('_', ' ')}: ${next[status] ?? 'look at its state.'}`
  },
} as const
