import { OPEN_BOUNTY, type WantedDetails } from '../domain/wanted.ts'
import type { Completion } from '../domain/completion.ts'
import { entryLines, running } from './bounty.ts'
import { day } from './claims.ts'
import { login, quietly, quote } from './markdown.ts'
import { shareLines, stampLines, WHO_STAMPS } from './status.ts'
import type { ShownShare, ShownStamp } from './shown-item.ts'

/** The facts on an item beside its row in the ledger. */
export interface ItemView {
  /** The pull request that holds the item, as `owner/repo#1`; or the URL of the one whose work is in review. */
  pull: string | undefined
  /** The end of a claim without a pull request. */
  endsAt: Date | undefined
  stamps: readonly ShownStamp[]
  shares: readonly ShownShare[]
  /** For an open bounty: the work that competes for it. */
  entries: readonly Pick<Completion, 'completedBy' | 'evidence'>[]
}

export const notOnBoard =
  'This issue is not on the board. Its author, or anyone with write access, posts it with `/wl post`.'

/** The answer to `/wl status` on a pull request that names no item. */
export const namesNoItem =
  'This pull request names no wanted item. Give it a label `wl:w-…`, or a line `Wanted: w-…` in its description. `/wl board` lists open items.'

/** The comment on the issue of an item once its work is completed. */
export function itemCompleted(
  { id, title }: Pick<WantedDetails, 'id' | 'title'>,
  { author, url, stamps }: { author: string; url: string; stamps: readonly ShownStamp[] },
): string {
  const how = stamps.length === 0 ? 'Its poster closed it without a stamp, so it counts for nothing.' : ''
  const text = `**Completed** ${quote(id)} ${quote(title, 100)} by ${login(author)}, in [a pull request](${quietly(url)}). ${how}`
  // The pull request itself says whether its work has changed since.
  return [text.trim(), ...stampLines(stamps.map((stamp) => ({ ...stamp, stale: false })))].join('\n')
}

/** Replaces `itemCompleted` where the item is not completed any more. */
export function itemNotCompleted({ id, status }: Pick<WantedDetails, 'id' | 'status'>): string {
  return `${quote(id)} was completed here, and is not any more: it is **${status.replace('_', ' ')}**. \`/wl status\` says what comes next.`
}

/** The answer to `/wl status` on an issue: the state of its item, and what comes next. */
export function issueStatus(item: WantedDetails, view: ItemView): string {
  const { id, title, status, claimedBy } = item
  const holder = claimedBy === null ? '' : ` by ${quote(claimedBy)}`
  const until = status === 'claimed' && view.endsAt !== undefined ? ` until **${day(view.endsAt)}**` : ''
  const text = `${quote(id)} ${quote(title, 100)} is **${status.replace('_', ' ')}**${holder}${until}. ${nextOf(item, view)}`
  return [text.trim(), ...stampLines(view.stamps), ...shareLines(view.shares), ...entryLines(view.entries)].join('\n')
}

function nextOf({ id, status, tags }: WantedDetails, { pull, stamps, entries }: ItemView): string {
  const byPull = `open a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description`
  switch (status) {
    case 'open':
      return tags.includes(OPEN_BOUNTY)
        ? `It is an open bounty, which nobody claims${entries.length === 0 ? '' : `; ${running(entries.length)}`}. Next: ${byPull}.`
        : `Next: \`/wl claim\` it, or ${byPull}.`
    case 'claimed':
      return pull === undefined
        ? `Next, for who holds it: ${byPull}; work that is no pull request is submitted by \`/wl done evidence=…\`; \`/wl unclaim\` releases it.`
        : `The pull request ${quote(pull)} holds it: \`/wl status\` there says what comes next.`
    case 'in_review':
      return pull === undefined
        ? `Next: ${WHO_STAMPS} comments \`/wl stamp quality=4\` here, or \`/wl reject reason="…"\`.`
        : `Next: ${WHO_STAMPS} comments \`/wl stamp quality=4\` on its pull request, ${quote(pull)}.`
    case 'completed':
      return stamps.length > 0
        ? ''
        : 'It was closed without a stamp, gives no reputation, and that is final. To offer more work, post a new issue.'
    case 'withdrawn':
      return 'It was taken off the board for good. To offer the work again, post a new issue.'
    default:
      // A status of another program, which this bridge does not know.
      status satisfies never
      return ''
  }
}
