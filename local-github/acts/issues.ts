import { demand, demandWritable, isPull, may } from '../access.ts'
import { presentIssue } from '../present/issue.ts'
import { presentRepository } from '../present/repository.ts'
import { invalid, Refusal } from '../refusal.ts'
import type { Doer, Issue, LockReason, Repository, World } from '../world.ts'
import { addLabels } from './labels.ts'
import { record, sayIssue } from './say.ts'

export type NewIssue = { title: string; body?: string | null | undefined; labels?: string[] | undefined }

export function openIssue(world: World, doer: Doer, repo: Repository, about: NewIssue): Issue {
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  const issue = newIssue(world, doer, repo, about)
  openWith(world, doer, repo, issue, about.labels ?? [])
  return issue
}

/**
 * Opens an issue. GitHub sends `opened` with the labels already on it, then one `labeled` for each. Labels are dropped
 * for an actor who may not label.
 */
export function openWith(world: World, doer: Doer, repo: Repository, issue: Issue, labels: string[]): void {
  repo.issues.set(issue.number, issue)
  const allowed = may(world, repo, doer, 'triage') ? labels : []
  addLabels(world, doer, repo, issue, allowed, () => sayIssue(world, doer, repo, issue, 'opened'))
}

export function newIssue(world: World, doer: Doer, repo: Repository, { title, body }: NewIssue): Issue {
  if (title.trim() === '') throw invalid('Issue', 'title', 'missing_field')
  const now = world.clock.iso()
  return {
    id: world.id('issue'),
    number: nextNumber(repo),
    userId: doer.account.id,
    title,
    body: body === undefined || body === '' ? null : body,
    state: 'open',
    stateReason: null,
    locked: false,
    lockReason: null,
    labels: [],
    comments: [],
    reactions: [],
    events: [],
    order: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
    viaApp: doer.app,
    versions: [],
    pull: null,
  }
}

/** The next number. Numbers are never reused, even those of deleted issues. */
function nextNumber({ issues, goneIssues }: Repository): number {
  return Math.max(0, ...issues.keys(), ...goneIssues.keys()) + 1
}

/**
 * Transfers an issue: it becomes another one there, with its comments and without its labels; the old number redirects
 * to it.
 */
export function transferIssue(world: World, doer: Doer, repo: Repository, issue: Issue, to: Repository): Issue {
  demand(world, repo, doer, 'write')
  demand(world, to, doer, 'write')
  if (isPull(issue) || repo.ownerId !== to.ownerId) throw new Refusal(422, 'This issue cannot be transferred there.')
  const moved: Issue = {
    ...issue,
    id: world.id('issue'),
    number: nextNumber(to),
    labels: [],
    events: [...issue.events],
  }
  to.issues.set(moved.number, moved)
  record(world, doer, moved, 'transferred')
  const [oldIssue, newIssue] = [presentIssue(world, repo, issue), presentIssue(world, to, moved)]
  const [oldRepository, newRepository] = [presentRepository(world, repo), presentRepository(world, to)]
  sayIssue(world, doer, to, moved, 'opened', { changes: { old_issue: oldIssue, old_repository: oldRepository } })
  sayIssue(world, doer, repo, issue, 'transferred', {
    changes: { new_issue: newIssue, new_repository: newRepository },
  })
  repo.issues.delete(issue.number)
  repo.goneIssues.set(issue.number, { repositoryId: to.id, number: moved.number })
  return moved
}

export function deleteIssue(world: World, doer: Doer, repo: Repository, issue: Issue): void {
  demand(world, repo, doer, 'admin')
  if (isPull(issue)) throw new Refusal(422, 'A pull request cannot be deleted.')
  sayIssue(world, doer, repo, issue, 'deleted')
  repo.issues.delete(issue.number)
  repo.goneIssues.set(issue.number, 'deleted')
}

function demandAuthorOr(world: World, repo: Repository, issue: Issue, doer: Doer, role: 'triage' | 'write'): void {
  demandWritable(repo)
  if (issue.userId !== doer.account.id) demand(world, repo, doer, role)
}

export function editIssue(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  edit: { title?: string | undefined; body?: string | null | undefined },
): void {
  demandAuthorOr(world, repo, issue, doer, 'write')
  const changes: { title?: { from: string }; body?: { from: string } } = {}
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes.title = { from: issue.title }
    record(world, doer, issue, 'renamed', { rename: { from: issue.title, to: edit.title } })
    issue.title = edit.title
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body ?? '' }
    if (issue.versions.length === 0)
      issue.versions.push({ body: issue.body ?? '', editorId: issue.userId, at: issue.createdAt })
    issue.versions.push({ body: edit.body ?? '', editorId: doer.account.id, at: world.clock.iso() })
    issue.body = edit.body
  }
  if (Object.keys(changes).length === 0) return
  issue.updatedAt = world.clock.iso()
  sayIssue(world, doer, repo, issue, 'edited', { changes })
}

export function closeIssue(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  reason: 'completed' | 'not_planned' | 'duplicate' = 'completed',
): void {
  demandAuthorOr(world, repo, issue, doer, 'triage')
  if (issue.state === 'closed') return
  setClosed(world, doer, repo, issue, isPull(issue) ? null : reason)
  sayIssue(world, doer, repo, issue, 'closed')
}

export function setClosed(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  reason: Issue['stateReason'],
): void {
  if (isPull(issue)) issue.pull.base.sha = repo.branches.get(issue.pull.base.branch) ?? issue.pull.base.sha
  issue.state = 'closed'
  issue.stateReason = reason
  issue.closedAt = world.clock.iso()
  issue.closedById = doer.account.id
  record(world, doer, issue, 'closed', { stateReason: reason })
}

export function reopenIssue(world: World, doer: Doer, repo: Repository, issue: Issue): void {
  demandAuthorOr(world, repo, issue, doer, 'triage')
  if (issue.state === 'open') return
  if (isPull(issue)) {
    if (issue.pull.merged)
      throw invalid('PullRequest', 'state', 'invalid', 'state cannot be changed. The pull request is already merged.')
    const { repositoryId, branch } = issue.pull.head
    const tip = repositoryId === null ? undefined : world.repositories.get(repositoryId)?.branches.get(branch)
    if (tip === undefined) {
      throw invalid(
        'PullRequest',
        'state',
        'invalid',
        'state cannot be changed. The head repository or branch has been deleted.',
      )
    }
    issue.pull.base.sha = repo.branches.get(issue.pull.base.branch) ?? issue.pull.base.sha
  }
  Object.assign(issue, {
    state: 'open',
    stateReason: isPull(issue) ? null : 'reopened',
    closedAt: null,
    closedById: null,
  })
  record(world, doer, issue, 'reopened')
  sayIssue(world, doer, repo, issue, 'reopened')
}

export function lockIssue(world: World, doer: Doer, repo: Repository, issue: Issue, reason: LockReason | null): void {
  demandWritable(repo)
  demand(world, repo, doer, 'triage')
  if (issue.locked) return
  issue.locked = true
  issue.lockReason = reason
  record(world, doer, issue, 'locked', { lockReason: reason })
  sayIssue(world, doer, repo, issue, 'locked')
}

export function unlockIssue(world: World, doer: Doer, repo: Repository, issue: Issue): void {
  demandWritable(repo)
  demand(world, repo, doer, 'triage')
  if (!issue.locked) throw new Refusal(404, 'Not Found')
  issue.locked = false
  issue.lockReason = null
  record(world, doer, issue, 'unlocked')
  sayIssue(world, doer, repo, issue, 'unlocked')
}
