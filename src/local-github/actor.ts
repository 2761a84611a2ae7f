import { fullName, needAccount, needIssue, needPull, needRepository } from './access.ts'
import { createCheckRun } from './acts/checks.ts'
import { comment, deleteComment, editComment, findComment, react } from './acts/comments.ts'
import {
  commitTo,
  deleteBranch,
  fork,
  forkOf,
  headOf,
  makeHead,
  moveBranch,
  restoreBranch,
  stack,
  suggested,
} from './acts/commits.ts'
import { changeRepositories, install, setSuspended, uninstall } from './acts/installations.ts'
import {
  closeIssue,
  deleteIssue,
  editIssue,
  lockIssue,
  openIssue,
  reopenIssue,
  transferIssue,
  unlockIssue,
} from './acts/issues.ts'
import { addLabels, createLabel, deleteLabel, editLabel, needLabel, removeLabel } from './acts/labels.ts'
import { changeBase, linkIssue, merge, openPull, setDraft } from './acts/pulls.ts'
import { removeFromOrganization, removeFromTeam } from './acts/organizations.ts'
import {
  deleteRepository,
  renameRepository,
  setArchived,
  setRole,
  setVisibility,
  transferRepository,
} from './acts/repositories.ts'
import {
  deleteReviewComment,
  dismissReview,
  editReview,
  editReviewComment,
  findReviewComment,
  replyToComment,
  review,
  reviewComment,
} from './acts/reviews.ts'
import { person } from './acts/say.ts'
import { presentCheckRun } from './present/check-run.ts'
import { issuePage, presentComment } from './present/issue.ts'
import { presentReview, presentReviewComment } from './present/pull-request.ts'
import { notFound } from './refusal.ts'
import type {
  Account,
  CheckConclusion,
  Grant,
  Issue,
  LockReason,
  PullRequest,
  ReactionContent,
  Repository,
  World,
} from './world.ts'

/** One commit to make: `files` maps a path to its new content, null removes it. */
export type NewCommit = {
  message?: string
  files?: Record<string, string | null>
  /** A login, or a raw git identity that GitHub resolves by its address (or to nobody). Default: the actor. */
  author?: string | { name: string; email: string }
  /** Made by a button on GitHub's pages, so with GitHub's own committer. */
  onPage?: boolean
}

/** Where something was written; `id` is GitHub's numeric id. */
export type Written = { id: number; html_url: string }
export type Numbered = { id: number; number: number; html_url: string }

/**
 * A person at GitHub's pages. Repositories are written `owner/name`. What the person's role does not allow throws
 * a Refusal, as the REST API would answer. Every change sends the webhooks GitHub would send.
 */
export type Actor = {
  readonly login: string
  readonly id: number
  /** Acts as this person on the REST API: `authorization: token …`. */
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
  /** Commits onto a pull request's head branch. Returns the new head sha. */
  push(repo: string, pull: number, ...commits: NewCommit[]): string
  /** Accepts the suggestions of these people, as one commit. Returns the new head sha. */
  acceptSuggestions(repo: string, pull: number, from: string[], files: Record<string, string>): string
  /** Replaces the head branch by these commits on the base branch's present tip. Returns the new head sha. */
  forcePush(repo: string, pull: number, ...commits: NewCommit[]): string
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
  /** Returns the issue that it has become. */
  transferIssue(repo: string, number: number, to: string): Numbered
  deleteIssue(repo: string, number: number): void
  lockConversation(repo: string, number: number, reason?: LockReason): void
  unlockConversation(repo: string, number: number): void

  comment(repo: string, number: number, body: string): Written
  editComment(repo: string, id: number, body: string): void
  deleteComment(repo: string, id: number): void
  react(
    repo: string,
    target: { issue: number } | { comment: number } | { reviewComment: number },
    content: ReactionContent,
  ): void

  review(
    repo: string,
    pull: number,
    review: {
      state: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
      body?: string
      comments?: { path: string; line?: number; body: string }[]
    },
  ): Written & { comments: Written[] }
  editReview(repo: string, pull: number, id: number, body: string): void
  dismissReview(repo: string, pull: number, id: number): void
  reviewComment(repo: string, pull: number, comment: { path: string; line?: number; body: string }): Written
  replyToReviewComment(repo: string, pull: number, id: number, body: string): Written
  editReviewComment(repo: string, id: number, body: string): void
  deleteReviewComment(repo: string, id: number): void

  fork(repo: string): string
  /** The fork of this repository that the actor owns; pull requests from it keep their head sha, `head.repo` is null. */
  deleteFork(repo: string): void
  deleteBranch(repo: string, branch: string): void
  /** Brings a deleted branch back at the head of its closed pull request. */
  restoreBranch(repo: string, branch: string, sha: string): void
  addCheckRun(repo: string, run: { sha: string; name: string; conclusion: CheckConclusion | null }): Written

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

export function createActor(world: World, account: Account): Actor {
  const me = person(account)
  const at = (name: string) => needRepository(world, name)
  const issueAt = (name: string, number: number): [Repository, Issue] => {
    const repo = at(name)
    return [repo, needIssue(repo, number)]
  }
  const pullAt = (name: string, number: number): [Repository, PullRequest] => {
    const repo = at(name)
    return [repo, needPull(repo, number)]
  }
  const numbered = (repo: Repository, issue: Issue): Numbered => ({
    id: issue.pull?.id ?? issue.id,
    number: issue.number,
    html_url: issuePage(world, repo, issue),
  })

  return {
    get login() {
      return account.login
    },
    id: account.id,
    token: account.token,

    openIssue(name, about) {
      const repo = at(name)
      return numbered(repo, openIssue(world, me, repo, about))
    },
    openPullRequest({ repo: name, commits, head, base, ...about }) {
      const repo = at(name)
      const branch = head ?? `patch-${repo.issues.size + 1}`
      const from = commits ? makeHead(world, me, repo, branch, commits) : branch
      const issue = openPull(world, me, repo, { ...about, head: from, base: base ?? repo.defaultBranch })
      return { ...numbered(repo, issue), head: { sha: issue.pull.head.sha } }
    },
    push(name, number, ...commits) {
      const { head, branch } = headOf(world, me, ...pullAt(name, number))
      const sha = stack(world, me, head.branches.get(branch) ?? null, commits)
      moveBranch(world, me, head, branch, sha)
      return sha
    },
    acceptSuggestions(name, number, from, files) {
      const { head, branch } = headOf(world, me, ...pullAt(name, number))
      const commit = suggested(world, from, files)
      const sha = stack(world, me, head.branches.get(branch) ?? null, [commit])
      moveBranch(world, me, head, branch, sha)
      return sha
    },
    forcePush(name, number, ...commits) {
      const [repo, issue] = pullAt(name, number)
      const { head, branch } = headOf(world, me, repo, issue)
      const sha = stack(world, me, repo.branches.get(issue.pull.base.branch) ?? null, commits)
      moveBranch(world, me, head, branch, sha)
      return sha
    },
    commit(name, { branch, ...commit }) {
      const repo = at(name)
      return commitTo(world, me, repo, branch ?? repo.defaultBranch, commit)
    },
    writeFile(name, path, content) {
      const repo = at(name)
      return commitTo(world, me, repo, repo.defaultBranch, { files: { [path]: content } })
    },

    label: (name, number, ...labels) => addLabels(world, me, ...issueAt(name, number), labels),
    unlabel: (name, number, label) => removeLabel(world, me, ...issueAt(name, number), label),
    createLabel: (name, label, look) => void createLabel(world, me, at(name), label, look),
    renameLabel(name, label, newName) {
      const repo = at(name)
      editLabel(world, me, repo, needLabel(repo, label), { name: newName })
    },
    deleteLabel(name, label) {
      const repo = at(name)
      deleteLabel(world, me, repo, needLabel(repo, label))
    },

    editTitle: (name, number, title) => editIssue(world, me, ...issueAt(name, number), { title }),
    editBody: (name, number, body) => editIssue(world, me, ...issueAt(name, number), { body }),
    changeBase: (name, number, branch) => changeBase(world, me, ...pullAt(name, number), branch),
    readyForReview: (name, number) => setDraft(world, me, ...pullAt(name, number), false),
    convertToDraft: (name, number) => setDraft(world, me, ...pullAt(name, number), true),
    linkIssue: (name, number, issue) =>
      linkIssue(world, me, ...pullAt(name, number), { repo: at(issue.repo), number: issue.number }),
    merge: (name, number, method) => merge(world, me, ...pullAt(name, number), method),
    close: (name, number, reason) => closeIssue(world, me, ...issueAt(name, number), reason),
    reopen: (name, number) => reopenIssue(world, me, ...issueAt(name, number)),
    transferIssue: (name, number, to) => numbered(at(to), transferIssue(world, me, ...issueAt(name, number), at(to))),
    deleteIssue: (name, number) => deleteIssue(world, me, ...issueAt(name, number)),
    lockConversation: (name, number, reason) => lockIssue(world, me, ...issueAt(name, number), reason ?? null),
    unlockConversation: (name, number) => unlockIssue(world, me, ...issueAt(name, number)),

    comment(name, number, body) {
      const [repo, issue] = issueAt(name, number)
      return presentComment(world, repo, issue, comment(world, me, repo, issue, body))
    },
    editComment: (name, id, body) => void editComment(world, me, at(name), id, body),
    deleteComment: (name, id) => deleteComment(world, me, at(name), id),
    react(name, target, content) {
      const repo = at(name)
      const found = reactionTarget(repo, target)
      react(world, me, repo, found.issue, found.to, content)
    },

    review(name, number, { state, ...about }) {
      const [repo, issue] = pullAt(name, number)
      const made = review(world, me, repo, issue, { ...about, event: state })
      const comments = issue.pull.reviewComments.filter((each) => each.reviewId === made.id)
      return {
        ...presentReview(world, repo, issue, made),
        comments: comments.map((each) => presentReviewComment(world, repo, issue, each)),
      }
    },
    editReview: (name, number, id, body) => void editReview(world, me, ...pullAt(name, number), id, body),
    dismissReview: (name, number, id) => void dismissReview(world, me, ...pullAt(name, number), id),
    reviewComment(name, number, about) {
      const [repo, issue] = pullAt(name, number)
      return presentReviewComment(world, repo, issue, reviewComment(world, me, repo, issue, about))
    },
    replyToReviewComment(name, number, id, body) {
      const [repo, issue] = pullAt(name, number)
      return presentReviewComment(world, repo, issue, replyToComment(world, me, repo, issue, id, body))
    },
    editReviewComment: (name, id, body) => void editReviewComment(world, me, at(name), id, body),
    deleteReviewComment: (name, id) => deleteReviewComment(world, me, at(name), id),

    fork: (name) => fullName(world, fork(world, me, at(name))),
    deleteFork(name) {
      const mine = forkOf(world, at(name), account)
      if (!mine) throw notFound()
      deleteRepository(world, me, mine)
    },
    deleteBranch: (name, branch) => deleteBranch(world, me, at(name), branch),
    restoreBranch: (name, branch, sha) => restoreBranch(world, me, at(name), branch, sha),
    addCheckRun(name, { sha, ...run }) {
      const repo = at(name)
      return presentCheckRun(world, repo, createCheckRun(world, me, repo, sha, run))
    },

    setRole: (name, login, role) => setRole(world, me, at(name), login, role),
    renameRepository(name, newName) {
      const repo = at(name)
      renameRepository(world, me, repo, newName)
      return fullName(world, repo)
    },
    transferRepository(name, owner) {
      const repo = at(name)
      transferRepository(world, me, repo, needAccount(world, owner))
      return fullName(world, repo)
    },
    archive: (name) => setArchived(world, me, at(name), true),
    unarchive: (name) => setArchived(world, me, at(name), false),
    privatize: (name) => setVisibility(world, me, at(name), 'private'),
    publicize: (name) => setVisibility(world, me, at(name), 'public'),
    deleteRepository: (name) => deleteRepository(world, me, at(name)),

    removeFromTeam: (org, team, login) => removeFromTeam(world, me, org, team, login),
    removeFromOrganization: (org, login) => removeFromOrganization(world, me, org, login),

    installApp: ({ account: on, repositories = 'all' }) => install(world, me, on, repositories).id,
    uninstallApp: (on) => uninstall(world, me, on),
    suspendApp: (on) => setSuspended(world, me, on, true),
    unsuspendApp: (on) => setSuspended(world, me, on, false),
    addToInstallation: (on, ...repos) => changeRepositories(world, me, on, { add: repos }),
    removeFromInstallation: (on, ...repos) => changeRepositories(world, me, on, { remove: repos }),
  }
}

function reactionTarget(repo: Repository, target: { issue: number } | { comment: number } | { reviewComment: number }) {
  if ('issue' in target) {
    const issue = needIssue(repo, target.issue)
    return { issue, to: issue }
  }
  const { issue, comment: to } =
    'comment' in target ? findComment(repo, target.comment) : findReviewComment(repo, target.reviewComment)
  return { issue, to }
}
