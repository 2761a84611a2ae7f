import type { Rest, LedgerView } from './item-state.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { OptOuts } from '../operations/tables/opt-outs.ts'
import type { Policy } from '../reputation/policy.ts'
import type { AppIdentity } from '../github/github.ts'
import type { PullRequestPlace, PullRequestItem } from '../operations/tables/pull-request-items.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { Refusal } from '../github/github-answer.ts'
import type { PullRequestReferences } from './closing-issues.ts'
import type { AgentTrailers, PullRequestEvidence } from './evidence.ts'
import type { Installations } from '../github/client.ts'
import type { RepositoryPlace } from '../operations/tables/repository-names.ts'
import type { Criterion } from '../replies/criteria.ts'
import type { Settings } from '../authorization/settings.ts'

/** The state of an item for a pull request after a sync. */
export interface SyncedItem {
  wanted: string
  rest: Rest
  view: LedgerView
}

export interface SyncItemDeps extends Installations {
  host: string
  ledger: Ledger
  store: OperationsStore
  optOuts: OptOuts
  policy: Policy
  identity(): Promise<AppIdentity>
  now(): Date
  /** Enqueues a refresh of another pull request: an item that it waits for has opened. */
  revisit(item: PullRequestPlace): Promise<void>
  /** Has reverts noted soon; for the same completion (`about`) once. */
  revert(job: RevertJob, about?: string): Promise<void>
}

export interface Cause {
  delivery: string
  sender: string
  /** Items that the event says the pull request named until now. */
  released: readonly string[]
  /** The description with which it was opened, when this tells of the opening. */
  opened?: string
}

/** A pull request as it is, what it names, the cause of the sync, and the agents that settings know. */
export interface SyncableItem {
  snapshot: PullRequestSnapshot
  /** What we noted of it last. */
  before: readonly PullRequestItem[]
  named: PullRequestReferences
  cause: Cause
  trailers: AgentTrailers
}

/*
 * Work that was taken back.
 *
 * A merged pull request, or a commit on the default branch, reverts what it names (`domain/reverts.ts`): what counts
 * is its text as it was merged, of what landed before it, and where its diff takes back some of that. Each revert of
 * a completion is noted in an empty Dolt commit and flags the work; who reverts the revert lets it fall, who reverts
 * that makes it stand again. What was noted and does not hold is withdrawn. A flag changes no stamp.
 */

/** A merged pull request (`number`), or a commit of the default branch, whose reverts are to be noted. */
export type RevertJob = RepositoryPlace & ({ number: number } | { sha: string })

/** A pull request and its items after a sync, as commands need them and as its status shows them. */
export interface SyncedPullRequest {
  snapshot: PullRequestSnapshot
  items: SyncedItem[]
  /** What was meant as an id and is none. */
  malformed: string[]
  work: PullRequestEvidence
  /** What a stamp on an item in review needs, by the item's id. */
  criteria: ReadonlyMap<string, readonly Criterion[]>
  settings: Settings
  /** Why GitHub does not tell which issues it closes; undefined where it does. */
  links: Refusal | undefined
  /** True where GitHub refuses to tell what a stamp needs, or who may give one. */
  undecided: boolean
}
