import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import { quote } from './markdown.ts'

/** An item with its title. */
export function shownItem({ id, title }: Pick<WantedDetails, 'id' | 'title'>): string {
  return `${quote(id)} ${quote(title, 100)}`
}

/** The prefix of an item's text in the ledger that names its parent: the protocol has no column for it. */
export function partOf(parent: string): string {
  return `Part of ${parent}. `
}

const OVER = 'That is final: to offer more work, post a new issue.'

/** The people who may change an item that is posted or held, to complete `Only … may`. */
export const WHO_MANAGES = {
  poster: 'the poster of the item, a maintainer of the repository where it was posted, or a rig of trust level 3',
  posterAlone: 'the poster of the item',
  claimant: 'the claimant, a maintainer of the repository where the item was posted, or a rig of trust level 3',
  claimantAlone: 'who holds the item',
} as const

/** Replies about the item of a command: which one is meant, and who may change it. */
export const items = {
  unknown(id: string): string {
    return `There is no item ${quote(id)} on this board. \`/wl board\` lists the open ones.`
  },
  /** `here`: the items of this thread, of which none or several are meant; `example`: the command with an id. */
  which(on: 'issue' | 'pull request', here: readonly string[], example: string): string {
    if (here.length === 0)
      return `This ${on} names no wanted item. Name one: \`${example}\`. \`/wl board\` lists the open ones.`
    return `This ${on} names several items: ${here.map((id) => quote(id)).join(', ')}. Say which: \`${example.replace(/w-\S+/, here[0]!)}\`.`
  },
  /** `who`: one of `WHO_MANAGES`. `elsewhere`: the id of an item that was posted in another repository. */
  onlyFor(who: string, elsewhere?: string): string {
    const note =
      elsewhere === undefined
        ? ''
        : ` ${quote(elsewhere)} was not posted in this repository, so a role here does not count.`
    return `Only ${who} may.${note}`
  },
  /** `next`: what to do in each state other than open, where that state is not final. */
  onlyOpen(
    act: 'updated' | 'withdrawn',
    { id, status, claimedBy }: Wanted,
    next: Partial<Record<string, string>>,
  ): string {
    const holder = claimedBy === null ? '' : ` by ${quote(claimedBy)}`
    const then: typeof next = { completed: OVER, withdrawn: OVER, ...next }
    return `Only an open item can be ${act}, and ${quote(id)} is ${status.replace('_', ' ')}${holder}. ${then[status] ?? ''}`.trim()
  },
} as const
