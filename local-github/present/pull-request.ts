import { accountById } from '../access.ts'
import { nodeId } from '../ids.ts'
import { commitsOf, filesOf, testMerge } from '../pulls.ts'
import type { PullRequest, Repository, Review, ReviewComment, World } from '../world.ts'
import { presentAccount, presentAuthor, presentAuthorOrNull } from './account.ts'
import { stats } from './commit.ts'
import { association, issuePage, presentLabel, presentReactionCounts } from './issue.ts'
import { presentRepository } from './repository.ts'
import { repositoryUrl } from './urls.ts'

const pullUrl = (world: World, repo: Repository, issue: PullRequest) =>
  `${repositoryUrl(world, repo)}/pulls/${issue.number}`

/** A pull request in lists and in review webhooks: without computed fields. */
export function presentSimplePull(world: World, repo: Repository, issue: PullRequest) {
  const { pull } = issue
  const url = pullUrl(world, repo, issue)
  const page = issuePage(world, repo, issue)
  const issueUrl = `${repositoryUrl(world, repo)}/issues/${issue.number}`
  const statuses = `${repositoryUrl(world, repo)}/statuses/${pull.head.sha}`
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', repo.id, pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: presentAuthor(world, issue.userId),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((label) => presentLabel(world, repo, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: presentEnd(world, pull.head),
    base: presentEnd(world, { ...pull.base, repositoryId: repo.id, ownerId: repo.ownerId }),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repositoryUrl(world, repo)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(world, repo, issue.userId),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  }
}

/**
 * Head or base. A deleted fork leaves `repo: null`, a deleted account `label` and `user` null too
 * (github/rest-api-description#916).
 */
function presentEnd(world: World, end: PullRequest['pull']['head']) {
  const owner = accountById(world, end.ownerId)
  const repo = end.repositoryId === null ? undefined : world.repositories.get(end.repositoryId)
  return {
    label: owner.deleted ? null : `${owner.login}:${end.branch}`,
    ref: end.branch,
    sha: end.sha,
    user: owner.deleted ? null : presentAccount(world, owner),
    repo: repo && !repo.deleted ? presentRepository(world, repo) : null,
  }
}

function presentCounts(world: World, repo: Repository, issue: PullRequest) {
  const files = filesOf(world, repo, issue)
  const { additions, deletions } = stats(files)
  return {
    merged: issue.pull.merged !== null,
    merged_by: presentAuthorOrNull(world, issue.pull.merged?.byId ?? null),
    comments: issue.comments.length,
    review_comments: issue.pull.reviewComments.length,
    maintainer_can_modify: issue.pull.head.ownerId !== repo.ownerId,
    commits: commitsOf(world, repo, issue).length,
    additions,
    deletions,
    changed_files: files.length,
  }
}

/** `pull_request` in webhooks of its name: `mergeable` is not computed yet when they are sent. */
export function presentHookPull(world: World, repo: Repository, issue: PullRequest) {
  return {
    ...presentSimplePull(world, repo, issue),
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    ...presentCounts(world, repo, issue),
  }
}

/** `GET /repos/{owner}/{repo}/pulls/{number}` */
export function presentPull(world: World, repo: Repository, issue: PullRequest) {
  const simple = presentSimplePull(world, repo, issue)
  const counts = presentCounts(world, repo, issue)
  if (issue.state === 'closed') {
    return { ...simple, mergeable: null, rebaseable: null, mergeable_state: 'unknown', ...counts }
  }
  const merge = testMerge(world, repo, issue)
  const mergeable = merge !== null
  return {
    ...simple,
    merge_commit_sha: merge?.sha ?? null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: !mergeable ? 'dirty' : issue.pull.draft ? 'draft' : 'clean',
    ...counts,
  }
}

export function presentReview(world: World, repo: Repository, issue: PullRequest, review: Review) {
  const page = `${issuePage(world, repo, issue)}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: nodeId('PRR', repo.id, review.id),
    user: presentAuthorOrNull(world, review.userId),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl(world, repo, issue),
    author_association: association(world, repo, review.userId),
    _links: { html: { href: page }, pull_request: { href: pullUrl(world, repo, issue) } },
    ...(review.submittedAt ? { submitted_at: review.submittedAt } : {}),
    commit_id: review.commitSha,
  }
}

/** A review in webhooks: the state is in lower case and an empty body is null. */
export function presentHookReview(world: World, repo: Repository, issue: PullRequest, review: Review) {
  return {
    ...presentReview(world, repo, issue, review),
    state: review.state.toLowerCase(),
    body: review.body === '' ? null : review.body,
  }
}

export function presentReviewComment(world: World, repo: Repository, issue: PullRequest, comment: ReviewComment) {
  const url = `${repositoryUrl(world, repo)}/pulls/comments/${comment.id}`
  const page = `${issuePage(world, repo, issue)}#discussion_r${comment.id}`
  // A comment on lines that a later push changed is outdated: it keeps only its original place.
  const outdated = !filesOf(world, repo, issue).some((file) => file.path === comment.path)
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PRRC', repo.id, comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitSha,
    original_commit_id: comment.originalCommitSha,
    user: presentAuthorOrNull(world, comment.userId),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pullUrl(world, repo, issue),
    author_association: association(world, repo, comment.userId),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl(world, repo, issue) } },
    reactions: presentReactionCounts(url, comment.reactions),
    start_line: outdated ? null : comment.startLine,
    original_start_line: comment.startLine,
    start_side: comment.startLine === null ? null : comment.side,
    line: outdated ? null : comment.line,
    original_line: comment.line,
    side: comment.side,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    original_position: 1,
    position: outdated ? null : 1,
    subject_type: 'line',
  }
}
