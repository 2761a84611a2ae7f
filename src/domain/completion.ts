import { blockHash } from './hash.ts'

export interface Completion {
  id: string
  wantedId: string
  completedBy: string
  evidence: string
  stampId: string | null
  validatedBy: string | null
  hopUri: string | null
  /** Whole seconds UTC, `2026-11-21 10:02:03`. */
  completedAt: string
  /** On a co-author's completion: the id of the submitter's. */
  parentId?: string | null
}

export function completionHash(completion: Omit<Completion, 'stampId' | 'validatedBy'>): string {
  return blockHash({
    id: completion.id,
    wanted_id: completion.wantedId,
    completed_by: completion.completedBy,
    evidence: completion.evidence,
    completed_at: completion.completedAt,
    hop_uri: completion.hopUri,
  })
}
