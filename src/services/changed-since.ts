import { type DiffHash, isKnown, isOldHash, isSameWork } from '../pull-requests/diff.ts'
import { deferring } from '../replies/deferred.ts'

/**
 * The reason why a deferred stamp is not given for the merged work; undefined where the merged work is the work that
 * was judged.
 */
export function changedSince(judged: DiffHash, merged: DiffHash | undefined): string | undefined {
  if (merged !== undefined && isSameWork(judged, merged)) return undefined
  if (isOldHash(judged)) return deferring.deferredBefore
  return merged !== undefined && isKnown(merged) ? deferring.changed : deferring.unseen
}
