import { z } from 'zod'
import { comment, deleteComment, editComment, findComment } from '../acts/comments.ts'
import { presentComment } from '../present/issue.ts'
import { body, doer, empty, inOrder, made, number, ok, page, query, type Route } from './ask.ts'
import { issue, issuesOf } from './issues.ts'

const text = z.object({ body: z.string() })
const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/comments'
const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}'

export const commentRoutes: Route[] = [
  {
    method: 'GET',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'read')
      const since = query(ask, 'since') ?? ''
      const found = of.comments.filter((each) => each.updatedAt >= since)
      return page(ask, found, (each) => presentComment(ask.world, repo, of, each))
    },
  },
  {
    method: 'POST',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'write')
      return made(presentComment(ask.world, repo, of, comment(ask.world, doer(ask), repo, of, body(ask, text).body)))
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/comments',
    answer(ask) {
      const repo = issuesOf(ask, 'read')
      const since = query(ask, 'since') ?? ''
      const found = [...repo.issues.values()]
        .flatMap((of) => of.comments.map((each) => ({ of, each })))
        .filter(({ each }) => each.updatedAt >= since)
        .toSorted((a, b) => a.each.id - b.each.id)
      const ordered = inOrder(ask, found, ({ each }) => each)
      return page(ask, ordered, ({ of, each }) => presentComment(ask.world, repo, of, each))
    },
  },
  {
    method: 'GET',
    template: one,
    answer(ask) {
      const repo = issuesOf(ask, 'read')
      const found = findComment(repo, number(ask, 'comment_id'))
      return ok(presentComment(ask.world, repo, found.issue, found.comment))
    },
  },
  {
    method: 'PATCH',
    template: one,
    answer(ask) {
      const repo = issuesOf(ask, 'write')
      const edited = editComment(ask.world, doer(ask), repo, number(ask, 'comment_id'), body(ask, text).body)
      return ok(presentComment(ask.world, repo, findComment(repo, edited.id).issue, edited))
    },
  },
  {
    method: 'DELETE',
    template: one,
    answer(ask) {
      deleteComment(ask.world, doer(ask), issuesOf(ask, 'write'), number(ask, 'comment_id'))
      return empty()
    },
  },
]
