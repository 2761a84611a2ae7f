import { demand, demandWritable } from '../access.ts'
import { presentHookCheckRun, presentHookCheckSuite } from '../present/check-run.ts'
import { notFound, Refusal } from '../refusal.ts'
import { presentStatusHook } from '../present/commit-status.ts'
import type { CheckRun, CommitStatus, Doer, Repository, World } from '../world.ts'

export type CheckRunEdit = {
  name?: string | undefined
  status?: CheckRun['status'] | undefined
  conclusion?: CheckRun['conclusion'] | undefined
  externalId?: string | undefined
  detailsUrl?: string | undefined
  output?: { title?: string | undefined; summary?: string | undefined; text?: string | undefined } | undefined
}

export function createCheckRun(
  world: World,
  doer: Doer,
  repo: Repository,
  sha: string,
  edit: CheckRunEdit & { name: string },
): CheckRun {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  if (!world.git.find(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`)
  // Each App has a suite of its own on a commit.
  const suite = repo.checkRuns.find((other) => other.sha === sha && other.viaApp === doer.app)
  const made = doer.app ? repo.suites.get(sha) : undefined
  if (doer.app && !repo.opensSuites && suite === undefined && made === undefined)
    throw new Refusal(422, 'No check suite')
  const run: CheckRun = {
    id: world.id('checkRun'),
    suiteId: suite?.suiteId ?? made ?? world.id('checkSuite'),
    viaApp: doer.app,
    sha,
    name: edit.name,
    status: 'queued',
    conclusion: null,
    externalId: '',
    detailsUrl: null,
    startedAt: world.clock.iso(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
  }
  repo.checkRuns.push(run)
  apply(world, run, edit)
  say(world, doer, repo, run, 'created')
  if (run.status === 'completed') say(world, doer, repo, run, 'completed')
  return run
}

export function updateCheckRun(world: World, doer: Doer, repo: Repository, id: number, edit: CheckRunEdit): CheckRun {
  demandWritable(repo)
  const run = needCheckRun(repo, id)
  const was = run.status
  apply(world, run, edit)
  if (run.status === 'completed' && was !== 'completed') say(world, doer, repo, run, 'completed')
  return run
}

export function needCheckRun(repo: Repository, id: number): CheckRun {
  const run = repo.checkRuns.find((other) => other.id === id)
  if (!run) throw notFound()
  return run
}

/** The newest run of each name in a suite, as GitHub lists them by default; the newest first. */
export function latestRuns({ checkRuns }: Repository, sha: string): CheckRun[] {
  const runs = checkRuns.filter((run) => run.sha === sha).toReversed()
  const key = (run: CheckRun) => `${run.suiteId} ${run.name}`
  return runs.filter((run, at) => runs.findIndex((other) => key(other) === key(run)) === at)
}

/** The newest status of each context, the newest first. */
export function latestStatuses({ statuses = [] }: Repository, sha: string): CommitStatus[] {
  const all = statuses.filter((status) => status.sha === sha).toReversed()
  return all.filter((status, at) => all.findIndex(({ context }) => context === status.context) === at)
}

export function addStatus(
  world: World,
  doer: Doer,
  repo: Repository,
  about: Pick<CommitStatus, 'sha' | 'context' | 'state'>,
): CommitStatus {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  if (!world.git.find(about.sha)) throw new Refusal(422, `No commit found for SHA: ${about.sha}`)
  const { sha, context, state } = about
  const createdAt = world.clock.iso()
  const made = { id: world.id('status'), creatorId: doer.account.id, sha, context, state, createdAt }
  repo.statuses = [...(repo.statuses ?? []), made]
  const fields = presentStatusHook(world, repo, made)
  world.emit({ event: 'status', action: null, sender: doer.account, repository: repo, fields })
  return made
}

/** A conclusion completes the run. */
function apply(world: World, run: CheckRun, edit: CheckRunEdit): void {
  run.name = edit.name ?? run.name
  run.externalId = edit.externalId ?? run.externalId
  run.detailsUrl = edit.detailsUrl ?? run.detailsUrl
  if (edit.output) {
    run.output = {
      title: edit.output.title ?? null,
      summary: edit.output.summary ?? null,
      text: edit.output.text ?? null,
    }
  }
  run.status = edit.conclusion ? 'completed' : (edit.status ?? run.status)
  run.conclusion = run.status === 'completed' ? (edit.conclusion ?? run.conclusion) : null
  run.completedAt = run.status === 'completed' ? world.clock.iso() : null
}

/** The suite completes with the last of its runs. */
function say(world: World, doer: Doer, repo: Repository, run: CheckRun, action: 'created' | 'completed'): void {
  const sender = doer.account
  const check_run = presentHookCheckRun(world, repo, run)
  world.emit({ event: 'check_run', action, sender, repository: repo, fields: { check_run } })
  const suite = repo.checkRuns.filter((other) => other.suiteId === run.suiteId)
  if (action === 'created' || suite.some(({ status }) => status !== 'completed')) return
  const check_suite = presentHookCheckSuite(world, repo, run, suite.length)
  world.emit({ event: 'check_suite', action, sender, repository: repo, fields: { check_suite } })
}
