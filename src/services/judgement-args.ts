import type { Severity } from '../domain/stamp.ts'

/** The values of a judgement: measures from 1 to 5, confidence from 0 to 1, skills as tags. */
export type JudgementArgs = {
  quality?: number | undefined
  reliability?: number | undefined
  creativity?: number | undefined
  confidence?: number | undefined
  severity?: Severity | undefined
  skills?: string[] | undefined
}

export type StampArgs = JudgementArgs & {
  /** The login of the person whose share is stamped; without it, the author's share is. */
  person?: string | undefined
  /** The id of the item, or of the completion. */
  item?: string | undefined
  message?: string | undefined
  /** The reason for a stamp though a criterion is not met. */
  override?: string | undefined
}
