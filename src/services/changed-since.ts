import { type DiffHash, isKnown, isOldHash, isSameWork } from '../pull-requests/diff.ts'
import { deferring } from '../replies/deferred.ts'

/** Why a deferred stamp is not given for the work that was merged; undefined where that is what was judged. */
export function changedSince(judged: DiffHash, merged: DiffHash | undefined): string | undefined {
  if (merged !== undefined && isSameWork(judged, merged)) return undefined
  if (isOldHash(judged)) return deferring.deferredBefore
  return merged !== undefined && isKnown(merged) ? deferring.changed : deferring.unseen
}
