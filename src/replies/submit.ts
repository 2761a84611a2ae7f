import { OPEN_BOUNTY, type WantedDetails } from '../domain/wanted.ts'
import { quote } from './markdown.ts'
import { recordedFor } from './status.ts'

/** Replies to `/wl done`, which submits work that is no pull request. */
export const submitting = {
  example: '/wl done w-0123456789 evidence=https://example.org/report',
  onPullRequest:
    'A pull request is submitted by marking it ready for review. For other work, name the item: ' +
    '`/wl done w-0123456789 evidence=…`.',
  gone: 'There is no such item on this board now. `/wl board` lists the open ones.',
  done(completion: string, rig: string): string {
    return (
      `Submitted as ${quote(completion)}. Next: a maintainer, or a rig of trust level 3, comments \`/wl stamp quality=4\` on the issue of ` +
      `the item, or \`/wl reject reason="…"\`.\n\n${recordedFor([rig])}`
    )
  },
  /** The reason why an item takes no work from a rig now, by the state of the item; undefined where it does. */
  notTaken({ id, status, claimedBy, tags }: WantedDetails, rig: string | undefined): string | undefined {
    if (status === 'open' && tags.includes(OPEN_BOUNTY))
      return `${quote(id)} is an open bounty: its work is a pull request with a line \`Wanted: ${id}\` in its description.`
    if (status === 'open') return `Nobody holds ${quote(id)}. Take it first, \`/wl claim ${id}\`, then say this again.`
    if (status === 'withdrawn')
      return `${quote(id)} was taken off the board, so it takes no work. \`/wl board\` lists open items.`
    if (status === 'completed')
      return `${quote(id)} is completed, so it takes no more work. \`/wl board\` lists open items.`
    if (claimedBy !== rig)
      return `${quote(claimedBy ?? 'somebody else')} holds ${quote(id)}, and only who holds it may submit work. \`/wl board\` lists open items.`
    return status === 'claimed'
      ? undefined
      : `${quote(id)} is in review already. A maintainer stamps or rejects it next.`
  },
  /** `pull`: `owner/repo#1`. */
  heldByPullRequest(id: string, pull: string): string {
    return (
      `Your pull request ${quote(pull)} names ${quote(id)} and is the work on it: mark it ready for ` +
      'review, and it is submitted. If it is not, take the label or the `Wanted:` line away and claim the item again.'
    )
  },
  hasCredentials: 'A link with a user name or password in it is not kept: the ledger is public. Give it without.',
  isPullRequest: 'A pull request is submitted by itself: give it a label or a line `Wanted: w-…`, and mark it ready.',
  noCommit(sha: string, repository: string): string {
    return `GitHub knows no commit ${quote(sha)} in ${quote(repository)}. Check the SHA; work that lies elsewhere is given as a link.`
  },
  notHttps(link: string): string {
    return `${quote(link)} is no https link. Give one that begins with \`https://\`, or a text in quotes.`
  },
} as const
