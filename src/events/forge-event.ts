import type { CommentRef } from '../domain/ids.ts'
import type { KnownRepository } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import type { SaidHead } from '../pull-requests/judged-head.ts'

/*
 * Events: what happened on GitHub, in our own words and as plain data. A webhook's payload becomes an event as soon as
 * it is received, and the queue stores the event. Recovery makes the same events from GitHub's lists. The names that
 * GitHub's payloads use are known only to the file that reads that payload.
 */

/** The version of stored events. Those that an older bridge stored can still be read (`deliveries/stored-event.ts`). */
export const EVENT_VERSION = 1

/** The fields of every event. */
interface Happened {
  v: typeof EVENT_VERSION
  /** GitHub's GUID of the delivery; for an event that no delivery brought, one that we derived. */
  delivery: string
  /** GitHub's name of the event, such as `issue_comment.created`: for logs. */
  name: string
  /** The installation that gives us access. Undefined where GitHub names none. */
  installation?: number | undefined
  repository?: KnownRepository | undefined
  /** The account that caused the event. */
  by?: Account | undefined
}

/** The fields of an event that somebody caused in a repository. */
interface HappenedIn extends Happened {
  installation: number
  repository: KnownRepository
  by: Account
}

/**
 * A pull request was opened, edited, labelled, pushed to, closed … Its handler fetches its present state from GitHub.
 */
export interface PullRequestEvent extends HappenedIn {
  type: 'pull_request'
  pull: {
    id: number
    number: number
    title: string
    body: string
    labels: string[]
    merged: boolean
    /** The head commit, and when GitHub said so (ISO 8601). */
    head?: { sha: string; at: string } | undefined
  }
  /** True for the event of its opening. */
  opened: boolean
  /** The description before it was edited. */
  bodyBefore?: string | undefined
  /** The label that was taken off. */
  unlabelled?: string | undefined
}

/** A comment, or the text of a review, that was written or edited. */
export interface Comment {
  ref: CommentRef
  /** GitHub's node id. */
  nodeId?: string | undefined
  number: number
  on: 'issue' | 'pull request'
  /** Undefined where the account is gone. */
  author?: Account | undefined
  text: string
  /** The text before an edit; the same text where the edit changed something else. */
  before?: string | undefined
  /** GitHub's time, in ISO 8601: of the writing; for an edit, of the edit. */
  at: string
  /** GitHub's time, in ISO 8601, since which the text is the present one. */
  textAt: string
  /** The commit that the comment is about, as GitHub names it. */
  saidOf?: SaidHead | undefined
}

export interface CommentEvent extends HappenedIn {
  type: 'comment'
  comment: Comment
}

/** A review was submitted, edited or dismissed. */
export interface ReviewEvent extends HappenedIn {
  type: 'review'
  number: number
  /** The text of the review. Undefined for a dismissal, which says nothing. */
  comment?: Comment | undefined
  /** True when the verdict of the review may have changed. */
  isVerdict: boolean
}

/** Checks of a commit: GitHub requests ours, a person requests a re-run, or the checks of an App have completed. */
export interface ChecksEvent extends HappenedIn {
  type: 'checks_requested' | 'checks_rerequested' | 'checks_ended'
  head: string
  /** The App of the checks. */
  appId?: number | undefined
  /** The pull requests of this repository that GitHub lists: none from a fork, and none that was just opened. */
  pulls: number[]
}

/** A commit status, from CI that reports no check runs. */
export interface StatusEvent extends Happened {
  type: 'status'
  repository: KnownRepository
  head: string
  /** False for a pending status. */
  ended: boolean
}

interface ForgeIssue {
  id: number
  /** The address of its page. */
  url: string
}

export interface IssueLabelledEvent extends HappenedIn {
  type: 'issue_labelled'
  issue: ForgeIssue & { number: number; at: string }
  label: string
}

export interface IssueEditedEvent extends HappenedIn {
  type: 'issue_edited'
  issue: ForgeIssue & { number: number }
}

/** An issue was opened. `importForm`: its author used the form that imports their own profile. */
export interface IssueOpenedEvent extends HappenedIn {
  type: 'issue_opened'
  issue: ForgeIssue & { number: number }
  importForm: boolean
}

export interface IssueTransferredEvent extends HappenedIn {
  type: 'issue_transferred'
  issue: ForgeIssue & { number: number }
  to: ForgeIssue & { repository: { id: number; owner: string; repo: string } }
}

/** A label of the repository was deleted or edited. */
export interface LabelEvent extends HappenedIn {
  type: 'label'
  /** Its present name; undefined for a label that was deleted. */
  label?: string | undefined
}

/** A push. `commits` has those on the default branch; it is empty for another branch, or for one that was deleted. */
export interface PushEvent extends Happened {
  type: 'push'
  installation: number
  repository: KnownRepository
  onDefaultBranch: boolean
  forced: boolean
  commits: { sha: string; url: string; message: string; added: string[]; modified: string[]; removed: string[] }[]
}

/** Permissions have changed: by membership, by teams, or by a change of the repository or of the App. */
export interface PermissionsEvent extends Happened {
  type: 'permissions'
  organizationId?: number | undefined
}

/**
 * The repository was renamed, transferred, deleted or unarchived, or its visibility changed. `from`: its name before.
 */
export interface RepositoryEvent extends HappenedIn {
  type: 'repository'
  organizationId?: number | undefined
  from: { owner: string; repo: string }
}

/** The App was installed, uninstalled, suspended, unsuspended, or given other permissions. */
export interface InstallationEvent extends Omit<PermissionsEvent, 'type'> {
  type: 'installation'
  installation: number
  /** True when the installation gives us no access any more. */
  gone: boolean
}

export interface InstallationRepositoriesEvent extends Omit<PermissionsEvent, 'type'> {
  type: 'installation_repositories'
  installation: number
  added: { id: number; owner: string; repo: string }[]
  /** The ids of the repositories. */
  removed: number[]
}

export type ForgeEvent =
  | PullRequestEvent
  | CommentEvent
  | ReviewEvent
  | ChecksEvent
  | StatusEvent
  | IssueLabelledEvent
  | IssueEditedEvent
  | IssueOpenedEvent
  | IssueTransferredEvent
  | LabelEvent
  | PushEvent
  | PermissionsEvent
  | RepositoryEvent
  | InstallationEvent
  | InstallationRepositoriesEvent
