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
  /** Enqueues the noting of reverts; once for the same completion (`about`). */
  revert(job: RevertJob, about?: string): Promise<void>
}

export interface Cause {
  delivery: string
  sender: string
  /** Items that the pull request named until now, by the event. */
  released: readonly string[]
  /** The labels of the pull request, by the event. */
  labels?: readonly string[]
  /** The description with which the pull request was opened, when the cause is its opening. */
  opened?: string
}

/**
 * A pull request as it is, the items that it names, the cause of the sync, and the agents' trailers of the settings.
 */
export interface SyncableItem {
  snapshot: PullRequestSnapshot
  /** The last stored rows of its items. */
  before: readonly PullRequestItem[]
  named: PullRequestReferences
  cause: Cause
  trailers: AgentTrailers
}

/** A merged pull request (`number`), or a commit of the default branch, whose reverts are to be noted. */
export type RevertJob = RepositoryPlace & ({ number: number } | { sha: string })

/** A pull request and its items after a sync, as commands need them and as its status shows them. */
export interface SyncedPullRequest {
  snapshot: PullRequestSnapshot
  items: SyncedItem[]
  /** The words that were meant as ids and are none. */
  malformed: string[]
  work: PullRequestEvidence
  /** The criteria of a stamp on an item in review, by the item's id. */
  criteria: ReadonlyMap<string, readonly Criterion[]>
  settings: Settings
  /** GitHub's refusal to show which issues it closes; undefined where it shows them. */
  links: Refusal | undefined
  /** True where GitHub refuses to show whether a criterion of a stamp is met, or who may give one. */
  undecided: boolean
}
