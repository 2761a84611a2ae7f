import { OPEN_BOUNTY, type WantedDetails } from './wanted.ts'

/**
 * Open bounties: items with the tag that nobody holds.
 *
 * Each pull request that is ready enters a completion, on a Dolt branch of its own, and the item stays open. A stamp
 * adopts one into main and completes the item; the others stay on their branches. A peer may claim such an item all
 * the same: then it is an ordinary one in other hands.
 */
export function isBounty({ tags }: Pick<WantedDetails, 'tags'>): boolean {
  return tags.includes(OPEN_BOUNTY)
}

const ROOT = 'bounty/'

/** The branch of one entry: completion rows only, and never the item's. */
export function entryBranch(wanted: string, completion: string): string {
  return `${entriesRoot(wanted)}${completion}`
}

/** What the branches of an item's entries begin with; without an item, those of all. */
export function entriesRoot(wanted?: string): string {
  return wanted === undefined ? ROOT : `${ROOT}${wanted}/`
}

/** The item and the completion that a branch names. */
export function readEntryBranch(branch: string): { wanted: string; completion: string } | undefined {
  const [, wanted, completion] = /^bounty\/([^/]+)\/([^/]+)$/.exec(branch) ?? []
  return wanted === undefined || completion === undefined ? undefined : { wanted, completion }
}
