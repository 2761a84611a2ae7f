import type { Answer } from './answers.ts'
import type { WhyNone } from './errors.ts'
import type { Profile, Stage } from './profile.ts'

/** GitHub's answers by stage, as JSON, so that an interrupted import resumes after the last stage. */
export type Kept = Partial<Record<Stage, unknown>>

/** The hooks of an import: progress, storage and cancellation. */
export interface Fetching {
  /** Called as soon as the person's id is known, before more is fetched: rejects for a person who wants no import. */
  admit?(id: number): Promise<void>
  /** The stored stages of an interrupted import. */
  kept?: Kept
  /** Called when a stage is complete; the next one begins when it resolves. */
  keep?(stage: Stage, answer: unknown): Promise<void>
  /** Called with the number of answered requests and an estimate of their total. */
  progress?(done: number, of: number): void
  signal: AbortSignal
}

/** GitHub's GraphQL API with one token: one request at a time, with its cost, and the waiting at rate limits. */
export interface Github {
  host: string
  /** The address of GitHub's pages: `https://github.com`. */
  pages: string
  /** Rejects with LimitReached, TooMuch, TokenRefused (`errors.ts`) or Unavailable. */
  query(text: string, variables: Record<string, unknown>, signal: AbortSignal): Promise<Answer>
  /** The login of an account today, by its numeric id; undefined when it is gone. */
  loginOf(id: number, signal: AbortSignal): Promise<string | undefined>
  /** Points and requests spent by this object, and what GitHub says is left. */
  readonly spent: { requests: number; points: number }
  readonly left: { points: number; resetAt: Date } | undefined
}

export type Asking = Pick<Github, 'host' | 'pages' | 'query' | 'loginOf'>

/** The result for one login of many: a profile, or the reason why there is none. */
export type BulkResult = { login: string } & ({ profile: Profile } | { why: WhyNone | 'declined' | 'unanswered' })
