import { z } from 'zod'
import { addLabels, createLabel, deleteLabel, editLabel, needLabel, removeLabel, setLabels } from '../acts/labels.ts'
import { presentLabel } from '../present/issue.ts'
import type { Issue, Repository } from '../world.ts'
import { body, doer, empty, made, ok, page, text, type Ask, type Route } from './ask.ts'
import { issue, issuesOf, labelNames } from './issues.ts'

const look = z.object({ color: z.string().optional(), description: z.string().nullish() })
const createBody = look.extend({ name: z.string() })
const editBody = look.extend({ new_name: z.string().optional() })

const shown = (ask: Ask, repo: Repository, of: Issue) => of.labels.map((label) => presentLabel(ask.world, repo, label))

const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/labels'
const all = '/repos/{owner}/{repo}/labels'

export const labelRoutes: Route[] = [
  {
    method: 'GET',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'read')
      return page(ask, shown(ask, repo, of))
    },
  },
  {
    method: 'POST',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'write')
      addLabels(ask.world, doer(ask), repo, of, body(ask, labelNames))
      return ok(shown(ask, repo, of))
    },
  },
  {
    method: 'PUT',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'write')
      setLabels(ask.world, doer(ask), repo, of, body(ask, labelNames))
      return ok(shown(ask, repo, of))
    },
  },
  {
    method: 'DELETE',
    template: ofIssue,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'write')
      setLabels(ask.world, doer(ask), repo, of, [])
      return empty()
    },
  },
  {
    method: 'DELETE',
    template: `${ofIssue}/{name}`,
    answer(ask) {
      const { repo, issue: of } = issue(ask, 'write')
      removeLabel(ask.world, doer(ask), repo, of, text(ask, 'name'))
      return ok(shown(ask, repo, of))
    },
  },
  {
    method: 'GET',
    template: all,
    answer(ask) {
      const repo = issuesOf(ask, 'read')
      return page(ask, repo.labels, (label) => presentLabel(ask.world, repo, label))
    },
  },
  {
    method: 'POST',
    template: all,
    answer(ask) {
      const repo = issuesOf(ask, 'write')
      const { name, ...about } = body(ask, createBody)
      return made(presentLabel(ask.world, repo, createLabel(ask.world, doer(ask), repo, name, about)))
    },
  },
  {
    method: 'GET',
    template: `${all}/{name}`,
    answer(ask) {
      const repo = issuesOf(ask, 'read')
      return ok(presentLabel(ask.world, repo, needLabel(repo, text(ask, 'name'))))
    },
  },
  {
    method: 'PATCH',
    template: `${all}/{name}`,
    answer(ask) {
      const repo = issuesOf(ask, 'write')
      const label = needLabel(repo, text(ask, 'name'))
      const { new_name: name, ...about } = body(ask, editBody)
      editLabel(ask.world, doer(ask), repo, label, { ...about, name })
      return ok(presentLabel(ask.world, repo, label))
    },
  },
  {
    method: 'DELETE',
    template: `${all}/{name}`,
    answer(ask) {
      const repo = issuesOf(ask, 'write')
      deleteLabel(ask.world, doer(ask), repo, needLabel(repo, text(ask, 'name')))
      return empty()
    },
  },
]
