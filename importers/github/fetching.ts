import type { Answer } from './answers.ts'
import type { WhyNone } from './errors.ts'
import type { Profile, Stage } from './profile.ts'

/** What GitHub answered of a stage; JSON, so that an import that stopped goes on after it. */
export type Kept = Partial<Record<Stage, unknown>>

/** How an import is watched, kept and stopped. */
export interface Fetching {
  /** Asked as soon as it is known who it is, before more is fetched: rejects for who wants no import. */
  admit?(id: number): Promise<void>
  /** What was kept before the stop. */
  kept?: Kept
  /** Called when a stage is over; the next one begins when it resolves. */
  keep?(stage: Stage, answer: unknown): Promise<void>
  /** Requests answered, of about so many. */
  progress?(done: number, of: number): void
  signal: AbortSignal
}

/** GitHub's GraphQL with one token: one request in flight, what each cost, and when it must wait. */
export interface Github {
  host: string
  /** Where people see it: `https://github.com`. */
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

/** One of many: a profile, or why there is none. */
export type BulkResult = { login: string } & ({ profile: Profile } | { why: WhyNone | 'declined' | 'unanswered' })
