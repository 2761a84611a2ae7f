import { OPEN_BOUNTY, type WantedDetails } from './wanted.ts'

/**
 * Open bounties: items with the tag `open-bounty`, which nobody claims.
 *
 * Each pull request that is ready enters a completion on its own Dolt branch, and the item stays open. A stamp merges
 * one branch into main and completes the item; the others stay on their branches. A peer may claim such an item
 * nevertheless: then it is an ordinary claimed item.
 */
export function isBounty({ tags }: Pick<WantedDetails, 'tags'>): boolean {
  return tags.includes(OPEN_BOUNTY)
}

const ROOT = 'bounty/'

/** The Dolt branch of one entry. It has completion rows only, never a row of the item. */
export function entryBranch(wanted: string, completion: string): string {
  return `${entriesRoot(wanted)}${completion}`
}

/** The common prefix of the branches of an item's entries; without an item, of all entries. */
export function entriesRoot(wanted?: string): string {
  return wanted === undefined ? ROOT : `${ROOT}${wanted}/`
}

/** Reads the item and the completion from the name of a branch. */
export function readEntryBranch(branch: string): { wanted: string; completion: string } | undefined {
  const [, wanted, completion] = /^bounty\/([^/]+)\/([^/]+)$/.exec(branch) ?? []
  return wanted === undefined || completion === undefined ? undefined : { wanted, completion }
}
