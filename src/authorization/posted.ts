import { mayByRole } from './permit.ts'
import type { EffectiveRole } from './roles.ts'

/**
 * The repository where an item was posted, relative to the one in which it is being judged. `nowhere`: from no issue of
 * ours.
 */
export type Posted = 'here' | 'elsewhere' | 'nowhere'

/** Facts about where an item was posted. */
export interface PostedFacts {
  /** The repository's id, kept in the ledger since it was posted; undefined for older items and those of `wl`. */
  keptId: number | undefined
  /**
   * The link of its description; `same-issue` when that issue, fetched now from this repository, is the one that it was
   * posted from.
   */
  link: 'none' | 'same-issue' | 'other'
}

/**
 * Decides by the id; by the link in its text, which a rename makes false, only where there is no id. An item that
 * cannot be shown to be from here is from elsewhere.
 */
export function postedWhere({ keptId, link }: PostedFacts, repositoryId: number): Posted {
  if (keptId !== undefined) return keptId === repositoryId ? 'here' : 'elsewhere'
  if (link === 'none') return 'nowhere'
  return link === 'same-issue' ? 'here' : 'elsewhere'
}

/** The facts for deciding whether a role in a pull request's repository counts for the item that it names. */
export interface ItemClaim {
  posted: Posted
  /** True when its poster, or a maintainer of its repository, let other repositories judge it. */
  opened: boolean
  /** The person's role where it was posted, if that is elsewhere; undefined where we cannot ask. */
  roleThere: Pick<EffectiveRole, 'admin' | 'maintain' | 'narrowed'> | undefined
}

/**
 * Judging work on an item takes the right in the pull request's repository and in the one where the item was posted, or
 * its poster's consent. Otherwise the maintainer of any repository could decide what another's item is worth, and who
 * wins its bounty.
 */
export function roleCounts({ posted, opened, roleThere }: ItemClaim): boolean {
  return posted !== 'elsewhere' || opened || (roleThere !== undefined && mayByRole(roleThere))
}
