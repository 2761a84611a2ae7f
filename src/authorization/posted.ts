import { mayByRole } from './permit.ts'
import type { EffectiveRole } from './roles.ts'

/** Where an item was posted, seen from the repository where something is said of it. `nowhere`: from no issue of ours. */
export type Posted = 'here' | 'elsewhere' | 'nowhere'

/** What is known of where an item was posted. */
export interface PostedFacts {
  /** The repository's id, kept in the ledger when it was posted; undefined of older items and those of `wl`. */
  keptId: number | undefined
  /** Where its description links to; `same-issue` when that issue, fetched now from here, is the one that it was posted from. */
  link: 'none' | 'same-issue' | 'other'
}

/** By the id; by the link in its text, which a rename turns false, only where there is none. What cannot be shown to be here is elsewhere. */
export function postedWhere({ keptId, link }: PostedFacts, repositoryId: number): Posted {
  if (keptId !== undefined) return keptId === repositoryId ? 'here' : 'elsewhere'
  if (link === 'none') return 'nowhere'
  return link === 'same-issue' ? 'here' : 'elsewhere'
}

/** What decides whether a role in a pull request's repository counts for the item that it names. */
export interface ItemClaim {
  posted: Posted
  /** True when its poster, or who maintains it, let other repositories judge it. */
  opened: boolean
  /** The person's role where it was posted, if that is elsewhere; undefined where we cannot ask. */
  roleThere: Pick<EffectiveRole, 'admin' | 'maintain' | 'narrowed'> | undefined
}

/**
 * To judge work on an item takes the right where the pull request is and where the item was posted too, or its poster's
 * word. Else whoever maintains any repository would decide what another's item is worth, and who wins its bounty.
 */
export function roleCounts({ posted, opened, roleThere }: ItemClaim): boolean {
  return posted !== 'elsewhere' || opened || (roleThere !== undefined && mayByRole(roleThere))
}
