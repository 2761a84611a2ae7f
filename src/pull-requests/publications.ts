import type { LeftAlone } from '../replies/left-alone.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import type { SyncedPullRequest } from './types.ts'

/** What the status comment and the check of a pull request are to say after its sync. */
export type Publication = { place: PullRequestRef } & (
  | { is: 'synced'; synced: SyncedPullRequest }
  /** It names no item; what was said while it named one is taken back. */
  | { is: 'no-item'; snapshot: PullRequestSnapshot }
  | { is: 'left-alone'; snapshot: PullRequestSnapshot; why: LeftAlone }
)

/**
 * What one delivery has to publish, by the pull request's id: each sync replaces what an earlier one of the same pull
 * request has put here. Handed along with the delivery's work, and published at its end (`publishAtEnd`).
 */
export type Publications = Map<number, Publication>
