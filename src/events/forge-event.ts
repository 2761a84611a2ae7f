import type { CommentRef } from '../domain/ids.ts'
import type { KnownRepository } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import type { SaidHead } from '../pull-requests/judged-head.ts'

/*
 * What happened on GitHub, in our own words and as plain data: a webhook becomes one of these as soon as it is
 * received, the queue stores it, and what recovery finds in GitHub's lists is the same. What GitHub's payloads call
 * things is known to the reader of each event alone.
 */

/** The version of what is stored. What an older bridge stored is read all the same (`deliveries/stored-event.ts`). */
export const EVENT_VERSION = 1

/** What is told of every event. */
interface Happened {
  v: typeof EVENT_VERSION
  /** GitHub's GUID of the delivery, or one that we derived for what no delivery told. */
  delivery: string
  /** GitHub's name of it, `issue_comment.created`: for logs. */
  name: string
  /** By which we reach what it is about. Undefined where GitHub names none. */
  installation?: number | undefined
  repository?: KnownRepository | undefined
  /** The account that did it. */
  by?: Account | undefined
}

/** What somebody did in a repository. */
interface HappenedIn extends Happened {
  installation: number
  repository: KnownRepository
  by: Account
}

/** A pull request was opened, edited, labelled, pushed to, closed … What it is now, GitHub is asked. */
export interface PullRequestEvent extends HappenedIn {
  type: 'pull_request'
  pull: {
    id: number
    number: number
    title: string
    body: string
    labels: string[]
    merged: boolean
    /** The commit at its head, and when GitHub said so (ISO 8601). */
    head?: { sha: string; at: string } | undefined
  }
  /** True when this tells of its opening. */
  opened: boolean
  /** The description before an edit of it. */
  bodyBefore?: string | undefined
  /** The label that was taken off. */
  unlabelled?: string | undefined
}

/** A comment, or the text of a review: written, or edited. */
export interface Comment {
  ref: CommentRef
  /** The global id. */
  nodeId?: string | undefined
  number: number
  on: 'issue' | 'pull request'
  /** Undefined where the account is gone. */
  author?: Account | undefined
  text: string
  /** The text before an edit; the same text where the edit was of something else. */
  before?: string | undefined
  /** ISO 8601, GitHub's time of what was said: when it was written, for an edit when it was edited. */
  at: string
  /** ISO 8601: since when the text is what it is. */
  textAt: string
  /** The commit that it is about, as GitHub says. */
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
  /** Its text. Undefined of one that was dismissed: nothing is said by that. */
  comment?: Comment | undefined
  /** True when its verdict may have changed. */
  isVerdict: boolean
}

/** Checks of a commit: GitHub asks us for ours, a person asks for them again, or those of an App have ended. */
export interface ChecksEvent extends HappenedIn {
  type: 'checks_requested' | 'checks_rerequested' | 'checks_ended'
  head: string
  /** Whose they are. */
  appId?: number | undefined
  /** The pull requests of this repository that GitHub tells of: none of a fork's, and none just opened. */
  pulls: number[]
}

/** A commit status, of CI that reports no checks. */
export interface StatusEvent extends Happened {
  type: 'status'
  repository: KnownRepository
  head: string
  /** False of one that is pending. */
  ended: boolean
}

interface ForgeIssue {
  id: number
  /** Its page. */
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

/** An issue was opened. `importForm`: with the form that imports its author's profile, by the author. */
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
  /** Its name now; undefined of one that was deleted. */
  label?: string | undefined
}

/** Commits of the default branch; none are told of another branch, nor of one that was deleted. */
export interface PushEvent extends Happened {
  type: 'push'
  installation: number
  repository: KnownRepository
  onDefaultBranch: boolean
  forced: boolean
  commits: { sha: string; url: string; message: string; added: string[]; modified: string[]; removed: string[] }[]
}

/** Who may do what has changed: membership, teams, the repository's or the App's own standing. */
export interface PermissionsEvent extends Happened {
  type: 'permissions'
  organizationId?: number | undefined
}

/** The repository is called, or lies, elsewhere now, or may be seen by others. `from`: what it was called until now. */
export interface RepositoryEvent extends HappenedIn {
  type: 'repository'
  organizationId?: number | undefined
  from: { owner: string; repo: string }
}

/** The App was let in, locked out, or given other rights. */
export interface InstallationEvent extends Omit<PermissionsEvent, 'type'> {
  type: 'installation'
  installation: number
  /** True when we reach nothing by it any more. */
  gone: boolean
}

export interface InstallationRepositoriesEvent extends Omit<PermissionsEvent, 'type'> {
  type: 'installation_repositories'
  installation: number
  added: { id: number; owner: string; repo: string }[]
  /** By id. */
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
