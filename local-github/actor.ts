import type { File } from './git.ts'
import type { CheckConclusion, CommitStatus, Grant, LockReason, ReactionContent } from './world.ts'

/** A thread or comment that takes reactions. */
export type ReactionTarget =
  | { issue: number }
  | { comment: number }
  | { reviewComment: number }
  | { pull: number; review: number }

/** One commit to make: `files` maps a path to its new content, null removes it. */
export type NewCommit = {
  message?: string
  files?: Record<string, File | null>
  /** A login, or a raw git identity that GitHub resolves by its address (or to nobody). Default: the actor. */
  author?: string | { name: string; email: string }
  /** The committer of a pushed commit; by default its author. */
  committer?: { name: string; email: string }
  /** The sha of another parent; files that both sides changed stay as they are here, unless `files` says otherwise. */
  merges?: string
  /** Made on GitHub's pages, so with GitHub's own committer and signature. */
  onPage?: boolean
}

/** The lines of a review comment: one line of a changed file, or several up to it. */
export type OnLines = { path: string; startLine?: number; line?: number; body: string }

/** A created comment or review; `id` is GitHub's numeric id. */
export type Written = { id: number; html_url: string }
export type Numbered = { id: number; number: number; html_url: string }

/**
 * A person at GitHub's pages. Repositories are written `owner/name`. An act that the person's role does not allow
 * throws a Refusal, as the REST API would answer. Every change sends the webhooks GitHub would send.
 */
export type Actor = {
  readonly login: string
  readonly id: number
  /** The person's token for the REST API: `authorization: token …`. */
  readonly token: string

  openIssue(repo: string, issue: { title: string; body?: string; labels?: string[] }): Numbered
  /**
   * `head` is a branch, or `fork-owner:branch`; with `commits` the branch (and the fork) is made as needed.
   * Labels need triage: without it GitHub drops them, as here.
   */
  openPullRequest(pull: {
    repo: string
    title: string
    body?: string
    head?: string
    base?: string
    draft?: boolean
    labels?: string[]
    commits?: NewCommit[]
  }): Numbered & { head: { sha: string } }
  /**
   * A pull request that reverts a merged one, as the Revert button opens it: its title, its link in the description,
   * and a commit of the files as they were before. A person who may not push does it from a fork.
   */
  revertPullRequest(
    repo: string,
    pull: number,
    about?: { title?: string; body?: string; message?: string; files?: NewCommit['files'] },
  ): Numbered & { head: { sha: string } }
  /** Commits onto a pull request's head branch. Returns the new head sha. */
  push(repo: string, pull: number, ...commits: NewCommit[]): string
  /** Accepts what these review comments suggest, as one commit. Returns the new head sha. */
  acceptSuggestions(repo: string, pull: number, comments: number[]): string
  /** Replaces the head branch by these commits on the base branch's present tip. Returns the new head sha. */
  forcePush(repo: string, pull: number, ...commits: NewCommit[]): string
  /** Sets the head branch to any commit, as `git push --force` does. */
  forcePushTo(repo: string, pull: number, sha: string): void
  /** A commit on any branch (default: the default branch). Returns its sha. */
  commit(repo: string, commit: NewCommit & { branch?: string }): string
  writeFile(repo: string, path: string, content: string | null): string

  label(repo: string, number: number, ...names: string[]): void
  unlabel(repo: string, number: number, name: string): void
  createLabel(repo: string, name: string, look?: { color?: string; description?: string }): void
  renameLabel(repo: string, name: string, newName: string): void
  /** Takes the label off every issue too, without `unlabeled` events, as GitHub does. */
  deleteLabel(repo: string, name: string): void

  editTitle(repo: string, number: number, title: string): void
  editBody(repo: string, number: number, body: string): void
  changeBase(repo: string, pull: number, branch: string): void
  readyForReview(repo: string, pull: number): void
  convertToDraft(repo: string, pull: number): void
  /** Links an issue by hand, as the sidebar does. */
  linkIssue(repo: string, pull: number, issue: { repo: string; number: number }): void
  /** Returns the sha of the merge. */
  merge(repo: string, pull: number, method?: 'merge' | 'squash' | 'rebase'): string
  close(repo: string, number: number, reason?: 'completed' | 'not_planned'): void
  reopen(repo: string, number: number): void
  /** Returns the new issue. */
  transferIssue(repo: string, number: number, to: string): Numbered
  deleteIssue(repo: string, number: number): void
  lockConversation(repo: string, number: number, reason?: LockReason): void
  unlockConversation(repo: string, number: number): void

  comment(repo: string, number: number, body: string): Written
  editComment(repo: string, id: number, body: string): void
  deleteComment(repo: string, id: number): void
  react(repo: string, target: ReactionTarget, content: ReactionContent): void

  review(
    repo: string,
    pull: number,
    review: {
      state: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
      body?: string
      comments?: OnLines[]
    },
  ): Written & { comments: Written[] }
  editReview(repo: string, pull: number, id: number, body: string): void
  dismissReview(repo: string, pull: number, id: number): void
  reviewComment(repo: string, pull: number, comment: OnLines): Written
  replyToReviewComment(repo: string, pull: number, id: number, body: string): Written
  editReviewComment(repo: string, id: number, body: string): void
  deleteReviewComment(repo: string, id: number): void

  fork(repo: string): string
  /** The fork of this repository that the actor owns; pull requests from it keep their head sha, `head.repo` is null. */
  deleteFork(repo: string): void
  deleteBranch(repo: string, branch: string): void
  /** Restores a deleted branch at the head of its closed pull request. */
  restoreBranch(repo: string, branch: string, sha: string): void
  addCheckRun(repo: string, run: { sha: string; name: string; conclusion: CheckConclusion | null }): Written
  /** A commit status, of CI that reports no check runs. */
  addStatus(repo: string, status: Pick<CommitStatus, 'sha' | 'context' | 'state'>): void

  setRole(repo: string, login: string, role: Grant | 'none'): void
  renameRepository(repo: string, name: string): string
  transferRepository(repo: string, owner: string): string
  archive(repo: string): void
  unarchive(repo: string): void
  privatize(repo: string): void
  publicize(repo: string): void
  deleteRepository(repo: string): void

  removeFromTeam(org: string, team: string, login: string): void
  removeFromOrganization(org: string, login: string): void

  /** Installs the App on the actor's own account or on an organization it owns. Returns the installation's id. */
  installApp(on: { account: string; repositories?: 'all' | string[] }): number
  uninstallApp(account: string): void
  suspendApp(account: string): void
  unsuspendApp(account: string): void
  addToInstallation(account: string, ...repos: string[]): void
  removeFromInstallation(account: string, ...repos: string[]): void
}
