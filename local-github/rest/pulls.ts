import { z } from 'zod'
import { isPull, needPull } from '../access.ts'
import { closeIssue, editIssue, reopenIssue } from '../acts/issues.ts'
import { changeBase, merge, openPull } from '../acts/pulls.ts'
import { presentCommit, presentFile } from '../present/commit.ts'
import { presentPull, presentSimplePull } from '../present/pull-request.ts'
import { commitsOf, filesOf } from '../pulls.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Level, PullRequest, Repository } from '../world.ts'
import { asksForDiff, diff } from './diff.ts'
import { body, doer, made, number, ok, page, query, repository, type Answer, type Ask, type Route } from './ask.ts'

export function pull(ask: Ask, level: Level): { repo: Repository; issue: PullRequest } {
  const repo = repository(ask, level, 'pull_requests')
  return { repo, issue: needPull(repo, number(ask, 'pull_number')) }
}

function list(ask: Ask): Answer {
  const repo = repository(ask, 'read', 'pull_requests')
  const [state, head, base] = [query(ask, 'state') ?? 'open', query(ask, 'head'), query(ask, 'base')]
  const sort = query(ask, 'sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const direction = query(ask, 'direction') ?? (query(ask, 'sort') ? 'asc' : 'desc')
  const shown = (issue: PullRequest) => presentSimplePull(ask.world, repo, issue)
  const found = [...repo.issues.values()]
    .filter(isPull)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => head === undefined || shown(issue).head.label === head)
    .filter((issue) => base === undefined || issue.pull.base.branch === base)
    .toSorted((a, b) => a[sort].localeCompare(b[sort]) || a.number - b.number)
  return page(ask, direction === 'desc' ? found.toReversed() : found, shown)
}

const createBody = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
})
const editBody = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
})
const mergeBody = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
})

function edit(ask: Ask): Answer {
  const { repo, issue } = pull(ask, 'write')
  const { title, body: text, state, base } = body(ask, editBody)
  editIssue(ask.world, doer(ask), repo, issue, { title, body: text })
  if (base !== undefined) changeBase(ask.world, doer(ask), repo, issue, base)
  if (state === 'closed') closeIssue(ask.world, doer(ask), repo, issue)
  if (state === 'open') reopenIssue(ask.world, doer(ask), repo, issue)
  return ok(presentPull(ask.world, repo, issue))
}

function mergeNow(ask: Ask): Answer {
  const repo = repository(ask, 'write', 'contents')
  const issue = needPull(repo, number(ask, 'pull_number'))
  const { sha, merge_method: method, commit_title: title, commit_message: message } = body(ask, mergeBody)
  if (sha !== undefined && sha !== issue.pull.head.sha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  const merged = merge(ask.world, doer(ask), repo, issue, method, { title, message })
  return ok({ sha: merged, merged: true, message: 'Pull Request successfully merged' })
}

export const pullRoutes: Route[] = [
  { method: 'GET', template: '/repos/{owner}/{repo}/pulls', answer: list },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/pulls',
    answer(ask) {
      const repo = repository(ask, 'write', 'pull_requests')
      const issue = openPull(ask.world, doer(ask), repo, body(ask, createBody))
      return made(presentPull(ask.world, repo, issue))
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}',
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      return asksForDiff(ask) ? diff(filesOf(ask.world, repo, issue)) : ok(presentPull(ask.world, repo, issue))
    },
  },
  { method: 'PATCH', template: '/repos/{owner}/{repo}/pulls/{pull_number}', answer: edit },
  { method: 'PUT', template: '/repos/{owner}/{repo}/pulls/{pull_number}/merge', answer: mergeNow },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    answer(ask) {
      if (!pull(ask, 'read').issue.pull.merged) throw notFound()
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/commits',
    // GitHub lists 250 at most, oldest first.
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      return page(ask, commitsOf(ask.world, repo, issue).slice(0, 250), (commit) =>
        presentCommit(ask.world, repo, commit),
      )
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
    answer(ask) {
      const { repo, issue } = pull(ask, 'read')
      const files = filesOf(ask.world, repo, issue).slice(0, 3000)
      return page(ask, files, (file) => presentFile(ask.world, repo, issue.pull.head.sha, file))
    },
  },
]
