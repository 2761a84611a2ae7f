import { z } from 'zod'
import { needIssue } from '../access.ts'
import { findComment, react, unreact } from '../acts/comments.ts'
import { findReviewComment } from '../acts/reviews.ts'
import { presentReaction } from '../present/issue.ts'
import {
  reactionContents,
  type Comment,
  type Issue,
  type Level,
  type Repository,
  type ReviewComment,
} from '../world.ts'
import { body, doer, empty, number, page, query, repository, type Ask, type Route } from './ask.ts'
import { issuesOf } from './issues.ts'

const content = z.object({ content: z.enum(reactionContents) })
type Target = { repo: Repository; issue: Issue; target: Issue | Comment | ReviewComment }

/** The three targets of reactions, with the path of each. */
const targets: { path: string; find: (ask: Ask, level: Level) => Target }[] = [
  {
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    find(ask, level) {
      const repo = issuesOf(ask, level)
      const issue = needIssue(repo, number(ask, 'issue_number'))
      return { repo, issue, target: issue }
    },
  },
  {
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    find(ask, level) {
      const repo = issuesOf(ask, level)
      const { issue, comment } = findComment(repo, number(ask, 'comment_id'))
      return { repo, issue, target: comment }
    },
  },
  {
    path: '/repos/{owner}/{repo}/pulls/comments/{comment_id}',
    find(ask, level) {
      const repo = repository(ask, level, 'pull_requests')
      const { issue, comment } = findReviewComment(repo, number(ask, 'comment_id'))
      return { repo, issue, target: comment }
    },
  },
]

export const reactionRoutes: Route[] = targets.flatMap(({ path, find }): Route[] => [
  {
    method: 'GET',
    template: `${path}/reactions`,
    answer(ask) {
      const wanted = query(ask, 'content')
      const found = find(ask, 'read').target.reactions.filter((each) => wanted === undefined || each.content === wanted)
      return page(ask, found, (each) => presentReaction(ask.world, each))
    },
  },
  {
    method: 'POST',
    template: `${path}/reactions`,
    answer(ask) {
      const { repo, issue, target } = find(ask, 'write')
      const { reaction, made } = react(ask.world, doer(ask), repo, issue, target, body(ask, content).content)
      return { status: made ? 201 : 200, body: presentReaction(ask.world, reaction) }
    },
  },
  {
    method: 'DELETE',
    template: `${path}/reactions/{reaction_id}`,
    answer(ask) {
      const { repo, target } = find(ask, 'write')
      unreact(ask.world, doer(ask), repo, target, number(ask, 'reaction_id'))
      return empty()
    },
  },
])
