import type { Wanted } from '../domain/wanted.ts'
import { type BoardLine, whatIsSaid } from './board.ts'
import { quote } from './markdown.ts'
import { recordedFor } from './status.ts'

/** Replies to `/wl post`, which makes an issue an item of the board. */
export const posting = {
  closed: 'This issue is closed. Reopen it, then post it.',
  gone: 'This issue is gone, so there is nothing to post.',
  notYours:
    'Only the author of this issue, or somebody with write access to the repository, may post it. Ask one of them.',
  noParent(parent: string): string {
    return `${quote(parent)} cannot be its parent: this board has no such item, or it was withdrawn. \`/wl board\` lists the open ones.`
  },
  withdrawn(id: string): string {
    return `${quote(id)} was withdrawn, and does not come back. Open a new issue for it and post that.`
  },
  already({ id, status }: Pick<Wanted, 'id' | 'status'>): string {
    const next = status === 'open' ? 'To change it: `/wl update`.' : '`/wl status` says what comes next.'
    return `${quote(id)} was posted before and is ${status.replace('_', ' ')}. ${next}`
  },
  tooMany(trustLevel: number, cap: number): string {
    if (trustLevel < 0) return 'Your rig is suspended and may post nothing. Somebody of trust level 3 can lift that.'
    return (
      `You have as many open items on the board as trust level ${trustLevel} allows (${cap}). ` +
      'Take one off with `/wl withdraw w-…`, or ask somebody of a higher level to post this one.'
    )
  },
  /**
   * The answer uses only what the command gave, and not what an update has changed since: the same command gets the
   * same answer. `isLabelled`: GitHub let us put the item's label on the issue. `postedBy`: the rig, where the item
   * names it.
   */
  done(
    id: string,
    given: BoardLine & { title?: string | undefined },
    { isLabelled, isBounty, postedBy }: { isLabelled: boolean; isBounty: boolean; postedBy: string | null | undefined },
  ): string {
    const said = [...(given.title === undefined ? [] : [quote(given.title, 100)]), whatIsSaid(given)].filter(
      (part) => part !== '',
    )
    const parts = [
      `On the board as ${[quote(id), ...said].join(', ')}.`,
      isLabelled ? '' : `GitHub did not let me put the label \`wl:${id}\` on this issue.`,
      isBounty ? 'It is an open bounty: nobody claims it, and whoever submits may be stamped.' : '',
      // This answer is not edited when the item is taken or completed, so it must be true then as well.
      `As long as it is open, a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description ` +
        `${isBounty ? 'submits for it' : 'takes it'}; \`/wl status\` says how it stands.`,
    ]
    const told = postedBy == null ? '' : `\n\n${recordedFor([postedBy])}`
    return `${parts.filter((part) => part !== '').join(' ')}${told}`
  },
} as const
