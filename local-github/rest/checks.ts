import { z } from 'zod'
import { createCheckRun, latestRuns, needCheckRun, updateCheckRun } from '../acts/checks.ts'
import { presentCheckRun, presentCheckSuite } from '../present/check-run.ts'
import { presentRepository } from '../present/repository.ts'
import {
  body,
  doer,
  inaccessible,
  made,
  number,
  ok,
  pageIn,
  query,
  repository,
  text,
  type Ask,
  type Route,
} from './ask.ts'
import type { CheckRun } from '../world.ts'
import { resolveRef } from './commits.ts'

const editBody = z.object({
  name: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  output: z.object({ title: z.string().optional(), summary: z.string(), text: z.string().optional() }).optional(),
})
const createBody = editBody.extend({ name: z.string(), head_sha: z.string() })

const preferences = z.object({ auto_trigger_checks: z.array(z.object({ app_id: z.number(), setting: z.boolean() })) })

const words = ({ external_id: externalId, details_url: detailsUrl, ...rest }: z.infer<typeof editBody>) => ({
  ...rest,
  externalId,
  detailsUrl,
})

/** Checks that the caller is an App: only Apps write check runs. */
function checks(ask: Ask) {
  const repo = repository(ask, 'write', 'checks')
  if (ask.caller.kind !== 'installation') throw inaccessible()
  return repo
}

export const checkRoutes: Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    answer(ask) {
      const repo = repository(ask, 'read', 'checks')
      const sha = resolveRef(ask, repo, text(ask, 'ref'))
      const [name, status] = [query(ask, 'check_name'), query(ask, 'status')]
      const isAsked = (run: CheckRun) =>
        (name === undefined || run.name === name) && (status === undefined || run.status === status)
      const all = () => repo.checkRuns.filter((run) => run.sha === sha).toReversed()
      const runs = query(ask, 'filter') === 'all' ? all() : latestRuns(repo, sha)
      return pageIn(ask, 'check_runs', runs.filter(isAsked), (run) => presentCheckRun(ask.world, repo, run))
    },
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/check-runs',
    answer(ask) {
      const repo = checks(ask)
      const { head_sha: sha, name, ...edit } = body(ask, createBody)
      const run = createCheckRun(ask.world, doer(ask), repo, sha, { ...words(edit), name })
      return made(presentCheckRun(ask.world, repo, run))
    },
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/check-suites',
    answer(ask) {
      const repo = checks(ask)
      const { head_sha: sha } = body(ask, z.object({ head_sha: z.string() }))
      return made(presentCheckSuite(ask.world, repo, sha))
    },
  },
  {
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/check-suites/preferences',
    answer(ask) {
      const repo = checks(ask)
      const { auto_trigger_checks } = body(ask, preferences)
      for (const { setting } of auto_trigger_checks) repo.opensSuites = setting
      return ok({ preferences: { auto_trigger_checks }, repository: presentRepository(ask.world, repo) })
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    answer(ask) {
      const repo = repository(ask, 'read', 'checks')
      return ok(presentCheckRun(ask.world, repo, needCheckRun(repo, number(ask, 'check_run_id'))))
    },
  },
  {
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    answer(ask) {
      const repo = checks(ask)
      const run = updateCheckRun(ask.world, doer(ask), repo, number(ask, 'check_run_id'), words(body(ask, editBody)))
      return ok(presentCheckRun(ask.world, repo, run))
    },
  },
]
