import type { LeftAlone } from '../replies/left-alone.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import type { SyncedPullRequest } from './types.ts'

/** The result of a sync, for the status comment and the check of its pull request. */
export type Publication = { place: PullRequestRef } & (
  | { is: 'synced'; synced: SyncedPullRequest }
  /** The pull request names no item; a status from when it named one is replaced. */
  | { is: 'no-item'; snapshot: PullRequestSnapshot }
  | { is: 'left-alone'; snapshot: PullRequestSnapshot; why: LeftAlone }
)

/**
 * The publications of one delivery, by the pull request's id: each sync replaces that of an earlier sync of the same
 * pull request. They are passed along with the delivery's work, and published at its end (`publishAtEnd`).
 */
export type Publications = Map<number, Publication>
