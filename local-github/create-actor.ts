import type { Actor, Numbered, ReactionTarget } from './actor.ts'
import { fullName, needAccount, needIssue, needPull, needRepository } from './access.ts'
import { addStatus, createCheckRun } from './acts/checks.ts'
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
import { changeBase, inverseOf, linkIssue, merge, openPull, setDraft } from './acts/pulls.ts'
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
  needReview,
  replyToComment,
  review,
  reviewComment,
} from './acts/reviews.ts'
import { person } from './acts/say.ts'
import { presentCheckRun } from './present/check-run.ts'
import { issuePage, presentComment } from './present/issue.ts'
import { presentReview, presentReviewComment } from './present/pull-request.ts'
import { notFound } from './refusal.ts'
import type { Account, Issue, PullRequest, Repository, World } from './world.ts'

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
    revertPullRequest(name, number, { title, body, message, files } = {}) {
      const [repo, issue] = pullAt(name, number)
      const said = `Revert "${issue.title}"`
      return this.openPullRequest({
        repo: name,
        title: title ?? said,
        body: body ?? `Reverts ${name}#${number}`,
        head: `revert-${number}-${repo.issues.size + 1}`,
        commits: [{ message: message ?? said, files: files ?? inverseOf(world, repo, issue) }],
      })
    },
    push(name, number, ...commits) {
      const { head, branch } = headOf(world, me, ...pullAt(name, number))
      const sha = stack(world, me, head.branches.get(branch) ?? null, commits)
      moveBranch(world, me, head, branch, sha)
      return sha
    },
    acceptSuggestions(name, number, comments) {
      const [repo, issue] = pullAt(name, number)
      const { head, branch } = headOf(world, me, repo, issue)
      const commit = suggested(world, me, issue, comments)
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
    forcePushTo(name, number, sha) {
      const { head, branch } = headOf(world, me, ...pullAt(name, number))
      moveBranch(world, me, head, branch, world.git.get(sha).sha)
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
    addStatus: (name, status) => void addStatus(world, me, at(name), status),

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

function reactionTarget(repo: Repository, target: ReactionTarget): { issue: Issue; to: Pick<Issue, 'reactions'> } {
  if ('review' in target) {
    const issue = needPull(repo, target.pull)
    return { issue, to: needReview(issue, target.review) }
  }
  if ('issue' in target) {
    const issue = needIssue(repo, target.issue)
    return { issue, to: issue }
  }
  const { issue, comment: to } =
    'comment' in target ? findComment(repo, target.comment) : findReviewComment(repo, target.reviewComment)
  return { issue, to }
}
