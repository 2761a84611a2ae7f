import { z } from 'zod'
import { isPull } from '../access.ts'
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
  submitReview,
} from '../acts/reviews.ts'
import { presentReview, presentReviewComment } from '../present/pull-request.ts'
import { notFound } from '../refusal.ts'
import type { PullRequest, Review } from '../world.ts'
import { body, doer, empty, inOrder, made, number, ok, page, query, repository, type Ask, type Route } from './ask.ts'
import { pull } from './pulls.ts'

const event = z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT'])
const onLine = z.object({
  path: z.string(),
  line: z.number().optional(),
  side: z.enum(['LEFT', 'RIGHT']).optional(),
  position: z.number().optional(),
  body: z.string(),
})
const reviewBody = z.object({
  event: event.optional(),
  body: z.string().optional(),
  commit_id: z.string().optional(),
  comments: z.array(onLine).optional(),
})
const commentBody = onLine.extend({ commit_id: z.string(), in_reply_to: z.number().optional() })
const bodyOnly = z.object({ body: z.string() })

/** The reviews that the caller may see: a pending one is visible to its author alone. */
export function seen(ask: Ask, issue: PullRequest): Review[] {
  const me =
    ask.caller.kind === 'user' ? ask.caller.account.id : ask.caller.kind === 'installation' ? ask.world.app.botId : null
  return issue.pull.reviews.filter((each) => each.state !== 'PENDING' || each.userId === me)
}

/** Comments of reviews that were submitted. */
const published = (issue: PullRequest) =>
  issue.pull.reviewComments.filter((comment) => needReview(issue, comment.reviewId).state !== 'PENDING')

const reviews = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const comments = '/repos/{owner}/{repo}/pulls/{pull_number}/comments'
const comment = '/repos/{owner}/{repo}/pulls/comments/{comment_id}'

const reviewRoutesOnly: Route[] = [
  {
    method: 'GET',
    template: reviews,
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      return page(ask, seen(ask, issue), (each) => presentReview(ask.world, repo, issue, each))
    },
  },
  {
    method: 'POST',
    template: reviews,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const { commit_id: commitSha, ...about } = body(ask, reviewBody)
      return ok(
        presentReview(ask.world, repo, issue, review(ask.world, doer(ask), repo, issue, { ...about, commitSha })),
      )
    },
  },
  {
    method: 'GET',
    template: `${reviews}/{review_id}`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      const found = seen(ask, issue).find((each) => each.id === number(ask, 'review_id'))
      if (!found) throw notFound()
      return ok(presentReview(ask.world, repo, issue, found))
    },
  },
  {
    method: 'PUT',
    template: `${reviews}/{review_id}`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const edited = editReview(ask.world, doer(ask), repo, issue, number(ask, 'review_id'), body(ask, bodyOnly).body)
      return ok(presentReview(ask.world, repo, issue, edited))
    },
  },
  {
    method: 'GET',
    template: `${reviews}/{review_id}/comments`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      const id = needReview(issue, number(ask, 'review_id')).id
      const found = issue.pull.reviewComments.filter((each) => each.reviewId === id)
      return page(ask, found, (each) => presentReviewComment(ask.world, repo, issue, each))
    },
  },
  {
    method: 'POST',
    template: `${reviews}/{review_id}/events`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const about = body(ask, z.object({ event, body: z.string().optional() }))
      const submitted = submitReview(
        ask.world,
        doer(ask),
        repo,
        issue,
        number(ask, 'review_id'),
        about.event,
        about.body,
      )
      return ok(presentReview(ask.world, repo, issue, submitted))
    },
  },
  {
    method: 'PUT',
    template: `${reviews}/{review_id}/dismissals`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const dismissed = dismissReview(ask.world, doer(ask), repo, issue, number(ask, 'review_id'))
      return ok(presentReview(ask.world, repo, issue, dismissed))
    },
  },
]

const commentRoutesOnly: Route[] = [
  {
    method: 'GET',
    template: comments,
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      return page(ask, published(issue), (each) => presentReviewComment(ask.world, repo, issue, each))
    },
  },
  {
    method: 'POST',
    template: comments,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const { commit_id: commitSha, in_reply_to: replyTo, ...about } = body(ask, commentBody)
      const written =
        replyTo === undefined
          ? reviewComment(ask.world, doer(ask), repo, issue, { ...about, commitSha })
          : replyToComment(ask.world, doer(ask), repo, issue, replyTo, about.body)
      return made(presentReviewComment(ask.world, repo, issue, written))
    },
  },
  {
    method: 'POST',
    template: `${comments}/{comment_id}/replies`,
    answer(ask) {
      const { repo, issue } = pull(ask, 'write')
      const reply = replyToComment(
        ask.world,
        doer(ask),
        repo,
        issue,
        number(ask, 'comment_id'),
        body(ask, bodyOnly).body,
      )
      return made(presentReviewComment(ask.world, repo, issue, reply))
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/comments',
    answer(ask) {
      const repo = repository(ask, 'read', 'pull_requests')
      const since = query(ask, 'since') ?? ''
      const found = [...repo.issues.values()]
        .filter(isPull)
        .flatMap((issue) => published(issue).map((each) => ({ issue, each })))
        .filter(({ each }) => each.updatedAt >= since)
        .toSorted((a, b) => a.each.id - b.each.id)
      const ordered = inOrder(ask, found, ({ each }) => each)
      return page(ask, ordered, ({ issue, each }) => presentReviewComment(ask.world, repo, issue, each))
    },
  },
  {
    method: 'GET',
    template: comment,
    answer(ask) {
      const repo = repository(ask, 'read', 'pull_requests')
      const found = findReviewComment(repo, number(ask, 'comment_id'))
      return ok(presentReviewComment(ask.world, repo, found.issue, found.comment))
    },
  },
  {
    method: 'PATCH',
    template: comment,
    answer(ask) {
      const repo = repository(ask, 'write', 'pull_requests')
      const edited = editReviewComment(ask.world, doer(ask), repo, number(ask, 'comment_id'), body(ask, bodyOnly).body)
      return ok(presentReviewComment(ask.world, repo, findReviewComment(repo, edited.id).issue, edited))
    },
  },
  {
    method: 'DELETE',
    template: comment,
    answer(ask) {
      deleteReviewComment(ask.world, doer(ask), repository(ask, 'write', 'pull_requests'), number(ask, 'comment_id'))
      return empty()
    },
  },
]

export const reviewRoutes = [...reviewRoutesOnly, ...commentRoutesOnly]
