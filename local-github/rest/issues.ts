import { z } from 'zod'
import { needIssue } from '../access.ts'
import { closeIssue, editIssue, lockIssue, openIssue, reopenIssue, unlockIssue } from '../acts/issues.ts'
import { setLabels } from '../acts/labels.ts'
import { presentIssue, presentOneIssue } from '../present/issue.ts'
import { presentEvent, presentTimeline } from '../present/timeline.ts'
import { Refusal } from '../refusal.ts'
import type { Issue, Level, Repository } from '../world.ts'
import {
  body,
  doer,
  empty,
  made,
  number,
  ok,
  page,
  query,
  repository,
  type Answer,
  type Ask,
  type Route,
} from './ask.ts'

/** Either permission serves: a pull request is an issue too. */
export function issuesOf(ask: Ask, level: Level): Repository {
  return repository(ask, level, 'issues', 'pull_requests')
}

export function issue(ask: Ask, level: Level): { repo: Repository; issue: Issue } {
  const repo = issuesOf(ask, level)
  return { repo, issue: needIssue(repo, number(ask, 'issue_number')) }
}

/** The answer for an issue that was transferred or deleted. */
function elsewhere(ask: Ask): Answer | undefined {
  const gone = issuesOf(ask, 'read').goneIssues.get(number(ask, 'issue_number'))
  if (gone === undefined) return undefined
  if (gone === 'deleted') throw new Refusal(410, 'This issue was deleted')
  const url = `${ask.world.url}/api/v3/repositories/${gone.repositoryId}/issues/${gone.number}`
  return { status: 301, headers: { location: url }, body: { message: 'Moved Permanently', url } }
}

const labelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
export const labelNames = z.union([
  z.array(labelName),
  z.object({ labels: z.array(labelName).optional() }).transform(({ labels }) => labels ?? []),
])

function list(ask: Ask): Answer {
  const repo = issuesOf(ask, 'read')
  const [state, since] = [query(ask, 'state') ?? 'open', query(ask, 'since') ?? '']
  const labels = (query(ask, 'labels') ?? '').toLowerCase().split(',').filter(Boolean)
  const sort = query(ask, 'sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const found = [...repo.issues.values()]
    .filter((each) => state === 'all' || each.state === state)
    .filter((each) => each.updatedAt >= since)
    .filter((each) => labels.every((name) => each.labels.some((label) => label.name.toLowerCase() === name)))
    .toSorted((a, b) => a[sort].localeCompare(b[sort]) || a.number - b.number)
  const ordered = query(ask, 'direction') === 'asc' ? found : found.toReversed()
  return page(ask, ordered, (each) => presentIssue(ask.world, repo, each))
}

const createBody = z.object({
  title: z.coerce.string(),
  body: z.string().nullish(),
  labels: z.array(labelName).optional(),
})
const editBody = z.object({
  title: z.coerce.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  labels: z.array(labelName).optional(),
})

function edit(ask: Ask): Answer {
  const { world } = ask
  const { repo, issue: edited } = issue(ask, 'write')
  const { title, body: text, state, state_reason: reason, labels } = body(ask, editBody)
  editIssue(world, doer(ask), repo, edited, { title, body: text })
  if (labels) setLabels(world, doer(ask), repo, edited, labels)
  if (state === 'open') reopenIssue(world, doer(ask), repo, edited)
  if (state === 'closed')
    closeIssue(world, doer(ask), repo, edited, reason === 'reopened' || !reason ? 'completed' : reason)
  return ok(presentOneIssue(world, repo, edited))
}

const one = '/repos/{owner}/{repo}/issues/{issue_number}'

export const issueRoutes: Route[] = [
  { method: 'GET', template: '/repos/{owner}/{repo}/issues', answer: list },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues',
    answer(ask) {
      const repo = repository(ask, 'write', 'issues')
      return made(presentOneIssue(ask.world, repo, openIssue(ask.world, doer(ask), repo, body(ask, createBody))))
    },
  },
  {
    method: 'GET',
    template: one,
    answer(ask) {
      const gone = elsewhere(ask)
      if (gone) return gone
      const { repo, issue: found } = issue(ask, 'read')
      return ok(presentOneIssue(ask.world, repo, found))
    },
  },
  { method: 'PATCH', template: one, answer: edit },
  {
    method: 'GET',
    template: `${one}/events`,
    answer(ask) {
      const { repo, issue: found } = issue(ask, 'read')
      return page(ask, found.events, (event) => presentEvent(ask.world, repo, event))
    },
  },
  {
    method: 'GET',
    template: `${one}/timeline`,
    answer(ask) {
      const { repo, issue: found } = issue(ask, 'read')
      return page(ask, presentTimeline(ask.world, repo, found))
    },
  },
  {
    method: 'PUT',
    template: `${one}/lock`,
    answer(ask) {
      const { repo, issue: found } = issue(ask, 'write')
      const schema = z.object({ lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).optional() })
      lockIssue(ask.world, doer(ask), repo, found, body(ask, schema).lock_reason ?? null)
      return empty()
    },
  },
  {
    method: 'DELETE',
    template: `${one}/lock`,
    answer(ask) {
      const { repo, issue: found } = issue(ask, 'write')
      unlockIssue(ask.world, doer(ask), repo, found)
      return empty()
    },
  },
]
