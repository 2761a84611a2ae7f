import type { Clock } from './clock.ts'
import type { Git } from './git.ts'
import type { Ids } from './ids.ts'
import type { People } from './people/people.ts'

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin'
/** A role as granted: one of GitHub's own, or an organization's custom role, which builds on one of them. */
export type Grant = Role | { name: string; base: Role }

export type Account = {
  id: number
  kind: 'User' | 'Bot' | 'Organization'
  login: string
  name: string | null
  /** Commits by these addresses belong to this account, as do those by its `<id>+<login>@users.noreply.github.com`. */
  emails: string[]
  /** A personal access token that acts as this account on the REST API. */
  token: string
  createdAt: string
  /** Deleted accounts are shown as `ghost`. */
  deleted: boolean
  members: Map<number, 'admin' | 'member'>
  /** The role of an organization's members in all its repositories. */
  basePermission: Role | 'none'
  teams: Team[]
}

export type Team = {
  id: number
  slug: string
  name: string
  members: Map<number, 'member' | 'maintainer'>
  repositories: Map<number, Grant>
}

export type Label = {
  id: number
  name: string
  color: string
  description: string | null
  /** Unknown of one that was saved before these were kept. */
  createdAt?: string
  updatedAt?: string
}

export const reactionContents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
export type ReactionContent = (typeof reactionContents)[number]
export type Reaction = { id: number; userId: number; content: ReactionContent; createdAt: string }

/** One version of a text. */
export type Version = { editorId: number; at: string; body: string }

type Written = {
  id: number
  userId: number
  body: string
  createdAt: string
  updatedAt: string
  reactions: Reaction[]
  /** Empty until the first edit; then the first entry is the original text. */
  versions: Version[]
}
export type Comment = Written & { viaApp: boolean }
export type ReviewComment = Written & {
  reviewId: number
  path: string
  /** The first line of a comment on several. */
  startLine: number | null
  line: number
  side: 'LEFT' | 'RIGHT'
  diffHunk: string
  commitSha: string
  originalCommitSha: string
  inReplyTo: number | null
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED'
export type Review = {
  id: number
  userId: number
  body: string
  state: ReviewState
  commitSha: string
  submittedAt: string | null
  reactions: Reaction[]
  versions: Version[]
}

/** One entry of an issue's events; the timeline adds comments, reviews and commits to them. */
export type TimelineEvent = {
  id: number
  event: string
  actorId: number
  createdAt: string
  viaApp: boolean
  commitSha?: string
  /** As it was then; `labelId` is the label, whatever it is called now. */
  label?: { name: string; color: string }
  labelId?: number
  rename?: { from: string; to: string }
  lockReason?: string | null
  stateReason?: string | null
}

type Pull = {
  id: number
  /** repositoryId is null once the fork is gone; ownerId and sha stay. */
  head: { repositoryId: number | null; ownerId: number; branch: string; sha: string }
  /** sha: the base branch as it was at the last open, push, change of base, close or merge. */
  base: { branch: string; sha: string }
  draft: boolean
  merged: { sha: string; byId: number; at: string } | null
  /** Issues linked by hand. */
  linked: { repositoryId: number; number: number }[]
  reviews: Review[]
  reviewComments: ReviewComment[]
}

/** An issue or, with `pull`, a pull request: they share numbers, labels, comments and events. */
export type Issue = {
  id: number
  number: number
  userId: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null
  locked: boolean
  lockReason: LockReason | null
  labels: Label[]
  comments: Comment[]
  reactions: Reaction[]
  events: TimelineEvent[]
  /** Ids of events, comments and submitted reviews as they happened: many fall into one second. */
  order: number[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  closedById: number | null
  viaApp: boolean
  /** Every version of the body since it was first edited, the original among them. */
  versions: Version[]
  pull: Pull | null
}
export type PullRequest = Issue & { pull: Pull }
export type LockReason = 'resolved' | 'off-topic' | 'too heated' | 'spam'

export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
export type CheckRun = {
  id: number
  suiteId: number
  /** Made by our App, or else by GitHub Actions. */
  viaApp: boolean
  sha: string
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: CheckConclusion | null
  externalId: string
  detailsUrl: string | null
  startedAt: string
  completedAt: string | null
  output: { title: string | null; summary: string | null; text: string | null }
}

export type CommitStatus = {
  id: number
  creatorId: number
  sha: string
  context: string
  state: 'error' | 'failure' | 'pending' | 'success'
  createdAt: string
}

export type Repository = {
  id: number
  ownerId: number
  name: string
  visibility: 'public' | 'private' | 'internal'
  archived: boolean
  deleted: boolean
  defaultBranch: string
  parentId: number | null
  /** Lower-case `owner/name` it once had; GitHub redirects from there. */
  formerNames: Set<string>
  collaborators: Map<number, Grant>
  labels: Label[]
  /** Branch name to commit sha. */
  branches: Map<string, string>
  issues: Map<number, Issue>
  /** Targets of transferred issues, by their old number. */
  goneIssues: Map<number, { repositoryId: number; number: number } | 'deleted'>
  checkRuns: CheckRun[]
  /** Undefined of one that was saved before there were any. */
  statuses?: CommitStatus[]
  /** False where the App has turned off automatic check suites: then a run needs one of these, by its commit. */
  opensSuites: boolean
  suites: Map<string, number>
  createdAt: string
  updatedAt: string
  pushedAt: string
}

export type Level = 'read' | 'write' | 'admin'
export type Permissions = Record<string, Level>
export type App = {
  id: number
  nodeId: string
  slug: string
  name: string
  ownerLogin: string
  clientId: string
  clientSecret: string
  /** The redirect addresses that sign-in may use, word for word. */
  callbackUrls: string[]
  webhookSecret: string
  /** PEM, PKCS #1 or #8. */
  privateKey: string
  publicKey: string
  permissions: Permissions
  events: string[]
  botId: number
  createdAt: string
}

export type Installation = {
  id: number
  accountId: number
  selection: 'all' | 'selected'
  repositoryIds: Set<number>
  suspendedAt: string | null
  suspendedById: number | null
  createdAt: string
  updatedAt: string
}

/** An event, before it is known whether the App gets it. */
export type Occurrence = {
  event: string
  action: string | null
  sender: Account
  repository?: Repository
  installation?: Installation
  /** The payload's own fields, beside action, repository, organization, installation and sender. */
  fields: Record<string, unknown>
}

export type World = {
  url: string
  clock: Clock
  id: Ids
  /** The last id of each kind. */
  lastIds: Record<string, number>
  git: Git
  app: App
  accounts: Map<number, Account>
  repositories: Map<number, Repository>
  installations: Map<number, Installation>
  /** The people that GraphQL knows: the accounts, and made-up people. */
  people: People
  emit: (occurrence: Occurrence) => void
}

/** The actor: a person, or the App through its bot account. */
export type Doer = { account: Account; app: boolean }
