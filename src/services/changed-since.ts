import { type DiffHash, isKnown, isOldHash, isSameWork } from '../pull-requests/diff.ts'

/** Why a deferred stamp is not given for the work that was merged; undefined where that is what was judged. */
export function changedSince(judged: DiffHash, merged: DiffHash | undefined): string | undefined {
  if (merged !== undefined && isSameWork(judged, merged)) return undefined
  if (isOldHash(judged)) return HELD_BEFORE
  return merged !== undefined && isKnown(merged) ? CHANGED : UNSEEN
}

const CHANGED =
  'The pull request is merged with other work than was judged when this stamp was said, so it was not given. Look at what was merged, and stamp it again.'
const HELD_BEFORE =
  'This stamp was deferred by an earlier version of this bridge, which did not keep enough to tell whether the same work was merged, so it was not given. Look at what was merged, and stamp it again.'
const TOO_LARGE = 'GitHub does not show the whole diff of this pull request (more than 300 files or 20,000 lines)'
const UNSEEN = `${TOO_LARGE}, so nobody can tell whether it is what was judged, and it was not given. Look at what was merged, and stamp it again.`
/** Why a stamp is not deferred until the merge. */
export const NOT_DEFERRED = `${TOO_LARGE}, so at the merge nobody could tell whether it is what you judged, and the stamp is not kept until then. Stamp it after the merge.`
