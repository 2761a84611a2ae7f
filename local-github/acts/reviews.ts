import { demand, demandUnlocked, demandWritable, isPull } from '../access.ts'
import type { FileChange } from '../diff.ts'
import { presentHookReview, presentReviewComment } from '../present/pull-request.ts'
import { filesOf } from '../pulls.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import type { Doer, PullRequest, Repository, Review, ReviewComment, ReviewState, World } from '../world.ts'
import { demandBody, keepVersion } from './comments.ts'
import { sayReview } from './say.ts'

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
export type NewReviewComment = {
  path: string
  startLine?: number | undefined
  line?: number | undefined
  side?: 'LEFT' | 'RIGHT' | undefined
  body: string
}
export type NewReview = {
  event?: ReviewEvent | undefined
  body?: string | undefined
  commitSha?: string | undefined
  comments?: NewReviewComment[] | undefined
}

const stateOf: Record<ReviewEvent, ReviewState> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

/** Creates a review. Without an event it stays pending: no webhook is sent until it is submitted. */
export function review(world: World, doer: Doer, repo: Repository, issue: PullRequest, about: NewReview): Review {
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  demandUnlocked(world, repo, issue, doer, 'review')
  const made: Review = {
    id: world.id('review'),
    userId: doer.account.id,
    body: about.body ?? '',
    state: 'PENDING',
    commitSha: about.commitSha ?? issue.pull.head.sha,
    submittedAt: null,
    reactions: [],
    versions: [],
  }
  const comments = (about.comments ?? []).map((comment) => makeComment(world, doer, repo, issue, made, comment))
  if (about.event) demandEvent(doer, issue, made, about.event, comments.length)
  issue.pull.reviews.push(made)
  issue.pull.reviewComments.push(...comments)
  if (about.event) announce(world, doer, repo, issue, made, about.event)
  return made
}

function demandEvent(doer: Doer, issue: PullRequest, about: Review, event: ReviewEvent, comments: number): void {
  if (event !== 'COMMENT' && issue.userId === doer.account.id) {
    const what = event === 'APPROVE' ? 'approve' : 'request changes on'
    throw new Refusal(422, 'Unprocessable Entity', [`Review Can not ${what} your own pull request`])
  }
  if (event !== 'APPROVE' && about.body === '' && comments === 0) {
    throw new Refusal(422, 'Unprocessable Entity', ["Body can't be blank"])
  }
}

export function submitReview(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  id: number,
  event: ReviewEvent,
  body?: string,
): Review {
  demandWritable(repo)
  const pending = needReview(issue, id)
  if (pending.userId !== doer.account.id) throw notFound()
  if (pending.state !== 'PENDING') throw new Refusal(422, 'Unprocessable Entity', [])
  if (body !== undefined) pending.body = body
  demandEvent(
    doer,
    issue,
    pending,
    event,
    issue.pull.reviewComments.filter((comment) => comment.reviewId === id).length,
  )
  announce(world, doer, repo, issue, pending, event)
  return pending
}

function announce(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  about: Review,
  event: ReviewEvent,
): void {
  about.state = stateOf[event]
  about.submittedAt = world.clock.iso()
  issue.updatedAt = about.submittedAt
  issue.order.push(about.id)
  const shown = presentHookReview(world, repo, issue, about)
  sayReview(world, doer, repo, issue, 'pull_request_review', 'submitted', { review: shown })
  for (const comment of issue.pull.reviewComments) {
    if (comment.reviewId === about.id) sayComment(world, doer, repo, issue, comment, 'created')
  }
}

export function needReview(issue: PullRequest, id: number): Review {
  const found = issue.pull.reviews.find((other) => other.id === id)
  if (!found) throw notFound()
  return found
}

export function editReview(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  id: number,
  body: string,
): Review {
  const edited = needReview(issue, id)
  demandWritable(repo)
  if (edited.userId !== doer.account.id) demand(world, repo, doer, 'write')
  const changes = { body: { from: edited.body } }
  keepVersion(world, doer, edited, edited.submittedAt ?? world.clock.iso(), body)
  edited.body = body
  const shown = presentHookReview(world, repo, issue, edited)
  if (edited.state !== 'PENDING')
    sayReview(world, doer, repo, issue, 'pull_request_review', 'edited', { changes, review: shown })
  return edited
}

export function dismissReview(world: World, doer: Doer, repo: Repository, issue: PullRequest, id: number): Review {
  const dismissed = needReview(issue, id)
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  if (dismissed.state !== 'APPROVED' && dismissed.state !== 'CHANGES_REQUESTED') {
    throw new Refusal(422, 'Validation Failed', ['Can not dismiss a commented pull request review'])
  }
  dismissed.state = 'DISMISSED'
  const shown = presentHookReview(world, repo, issue, dismissed)
  sayReview(world, doer, repo, issue, 'pull_request_review', 'dismissed', { review: shown })
  return dismissed
}

/**
 * Creates one comment, or a reply: GitHub wraps each in a review of its own with an empty body, and sends events for
 * both.
 */
export function reviewComment(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  about: NewReviewComment & { commitSha?: string | undefined },
): ReviewComment {
  const { commitSha, ...comment } = about
  const wrapped = review(world, doer, repo, issue, { event: 'COMMENT', comments: [comment], commitSha })
  return commentOf(issue, wrapped)
}

export function replyToComment(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  id: number,
  body: string,
): ReviewComment {
  const asked = issue.pull.reviewComments.find((other) => other.id === id)
  if (!asked) throw notFound()
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  demandUnlocked(world, repo, issue, doer, 'review')
  demandBody('PullRequestReviewComment', body)
  const wrapped: Review = {
    id: world.id('review'),
    userId: doer.account.id,
    body: '',
    state: 'PENDING',
    commitSha: asked.commitSha,
    submittedAt: null,
    reactions: [],
    versions: [],
  }
  const now = world.clock.iso()
  issue.pull.reviews.push(wrapped)
  issue.pull.reviewComments.push({
    ...asked,
    id: world.id('reviewComment'),
    userId: doer.account.id,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    versions: [],
    reviewId: wrapped.id,
    inReplyTo: asked.inReplyTo ?? asked.id,
  })
  announce(world, doer, repo, issue, wrapped, 'COMMENT')
  return commentOf(issue, wrapped)
}

function commentOf(issue: PullRequest, wrapped: Review): ReviewComment {
  const made = issue.pull.reviewComments.find((other) => other.reviewId === wrapped.id)
  if (!made) throw notFound()
  return made
}

function makeComment(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  about: Review,
  comment: NewReviewComment,
): ReviewComment {
  demandBody('PullRequestReviewComment', comment.body)
  const file = filesOf(world, repo, issue).find((change) => change.path === comment.path)
  if (!file) throw invalid('PullRequestReviewComment', 'path', 'invalid')
  const now = world.clock.iso()
  const line = comment.line ?? firstLine(file)
  const side = comment.side ?? 'RIGHT'
  return {
    id: world.id('reviewComment'),
    userId: doer.account.id,
    body: comment.body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    versions: [],
    reviewId: about.id,
    path: comment.path,
    startLine: comment.startLine ?? null,
    line,
    side,
    diffHunk: side === 'LEFT' ? file.patch : hunkUntil(file.patch, line),
    commitSha: about.commitSha,
    originalCommitSha: about.commitSha,
    inReplyTo: null,
  }
}

/** The hunk with a line of the new side, up to that line; the whole patch where no hunk has it. */
function hunkUntil(patch: string, line: number): string {
  let hunk: string[] = []
  let at = 0
  for (const one of patch.split('\n')) {
    const first = /^@@ -\S+ \+(\d+)/.exec(one)?.[1]
    if (first !== undefined) [hunk, at] = [[], Number(first) - 1]
    else if (!one.startsWith('-') && !one.startsWith('\\')) at++
    hunk.push(one)
    if (first === undefined && at === line && !one.startsWith('-')) return hunk.join('\n')
  }
  return patch
}

const firstLine = (file: FileChange) => Number(/^@@ -\S+ \+(\d+)/.exec(file.patch)?.[1] ?? 1) || 1

function sayComment(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  about: ReviewComment,
  action: string,
  more: object = {},
): void {
  const comment = presentReviewComment(world, repo, issue, about)
  sayReview(world, doer, repo, issue, 'pull_request_review_comment', action, { ...more, comment })
}

export function findReviewComment(repo: Repository, id: number): { issue: PullRequest; comment: ReviewComment } {
  for (const issue of repo.issues.values()) {
    if (!isPull(issue)) continue
    const found = issue.pull.reviewComments.find((other) => other.id === id)
    if (found) return { issue, comment: found }
  }
  throw notFound()
}

export function editReviewComment(world: World, doer: Doer, repo: Repository, id: number, body: string): ReviewComment {
  const { issue, comment } = findReviewComment(repo, id)
  demandWritable(repo)
  if (comment.userId !== doer.account.id) demand(world, repo, doer, 'write')
  demandBody('PullRequestReviewComment', body)
  const changes = { body: { from: comment.body } }
  keepVersion(world, doer, comment, comment.createdAt, body)
  comment.body = body
  comment.updatedAt = world.clock.iso()
  sayComment(world, doer, repo, issue, comment, 'edited', { changes })
  return comment
}

export function deleteReviewComment(world: World, doer: Doer, repo: Repository, id: number): void {
  const { issue, comment } = findReviewComment(repo, id)
  demandWritable(repo)
  if (comment.userId !== doer.account.id) demand(world, repo, doer, 'write')
  issue.pull.reviewComments = issue.pull.reviewComments.filter((other) => other !== comment)
  sayComment(world, doer, repo, issue, comment, 'deleted')
}
