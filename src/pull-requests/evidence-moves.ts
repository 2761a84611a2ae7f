import { readEvidence } from '../domain/evidence.ts'

/** Whether evidence has to be written anew: at ready, push and merge, and not at every review or check. */
export function hasMoved(before: string, now: string | undefined): boolean {
  if (now === undefined) return false
  const [old, next] = [readEvidence(before), readEvidence(now)]
  return old?.url !== next?.url || old?.head !== next?.head || old?.merge !== next?.merge
}
