import type { Criterion } from './criteria.ts'
import type { ShownScores } from './scores.ts'

/** An item of a pull request, as its status comment and its check show it. */
export interface ShownItem {
  wanted: string
  title: string | undefined
  /** The page of the issue from which the item was posted. */
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
  /** Stamps on the shares of co-authors, which complete nothing by themselves. */
  shares?: readonly ShownShare[]
  /** The pages of what reverted the work. */
  reverts?: readonly string[]
  /** The criteria of a stamp, for work in review. */
  criteria?: readonly Criterion[]
  /** Stamps that wait for the merge. */
  deferred?: readonly ShownDeferred[]
}

/** A stamp that waits for the merge. `stale`: it is for other work than the pull request has now. */
export interface ShownDeferred {
  login: string
  given: Record<string, unknown>
  /** True where `given` has the scores alone: the other values that its author gave were not stored. */
  scoresOnly?: boolean
  stale: boolean
}

export type ShownShare = ShownStamp & { subject: string }

export interface ShownStamp extends ShownScores {
  author: string
  skills: readonly string[]
  flagged: boolean
  /** True when the pull request has other work now than the stamp is for. */
  stale?: boolean
}

export type ItemState = ShownItem['state']['is']

/** An agent's human, or the logins of those who asked to be; `proposed` for a person whom settings call an agent. */
export type ShownAgent = 'proposed' | { owner: string } | { asked: readonly string[] }
