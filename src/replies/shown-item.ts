import type { Criterion } from './criteria.ts'
import type { ShownScores } from './scores.ts'

export interface ShownItem {
  wanted: string
  title: string | undefined
  /** The page of the issue that it was posted from. */
  issue?: string | undefined
  state:
    | {
        is:
          | 'unknown'
          | 'withdrawn-item'
          | 'waiting'
          | 'completed-elsewhere'
          | 'claimed'
          | 'in-review'
          | 'closed'
          | 'let-go'
          | 'not-entered'
          | 'entered'
      }
    | { is: 'not-adopted'; by: string | undefined; url: string | undefined }
    | { is: 'taken'; holder: string | null }
    | { is: 'capped'; trustLevel: number; cap: number }
    | { is: 'rejected' | 'spent'; reason: string; bounty?: boolean }
    | { is: 'stamped'; stamps: ShownStamp[] }
  /** Stamps on what co-authors did, which complete nothing by themselves. */
  shares?: readonly ShownShare[]
  /** The pages of what reverted the work. */
  reverts?: readonly string[]
  /** What a stamp on work in review needs. */
  criteria?: readonly Criterion[]
  /** Stamps that wait for the merge. */
  deferred?: readonly ShownDeferred[]
}

/** A stamp that waits for the merge. `stale`: of other work than the pull request now has. */
export interface ShownDeferred {
  login: string
  given: Record<string, unknown>
  /** Whether `given` has the scores alone: what else its author gave was not noted. */
  scoresOnly?: boolean
  stale: boolean
}

export type ShownShare = ShownStamp & { subject: string }

export interface ShownStamp extends ShownScores {
  author: string
  skills: readonly string[]
  flagged: boolean
  /** True when the pull request has other work now than was judged. */
  stale?: boolean
}

export type ItemState = ShownItem['state']['is']

/** An agent's human, or the logins of those who asked to be; or a person whom settings call an agent. */
export type ShownAgent = 'proposed' | { owner: string } | { asked: readonly string[] }
