import type { Severity } from '../domain/stamp.ts'

/** What a judgement gives: measures from 1 to 5, confidence from 0 to 1, skills as tags. */
export type JudgementArgs = {
  quality?: number | undefined
  reliability?: number | undefined
  creativity?: number | undefined
  confidence?: number | undefined
  severity?: Severity | undefined
  skills?: string[] | undefined
}

export type StampArgs = JudgementArgs & {
  /** Whose share, by login; without it the author's. */
  person?: string | undefined
  /** The id of the item, or of the completion. */
  item?: string | undefined
  message?: string | undefined
  /** Why it is stamped though a gate is not met. */
  override?: string | undefined
}
