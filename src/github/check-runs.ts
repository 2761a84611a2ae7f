import type { InstallationRef, RepositoryRef } from '../domain/refs.ts'
import { clientOf, reach, type Installations } from './client.ts'
import { z } from 'zod'
import { AccountRefused, call, GitHubRefused } from './errors.ts'
import type { RepositoryName } from './pull-requests.ts'

/** The content of a check run of ours on a commit. */
export interface Check {
  name: string
  sha: string
  /** `waits`: it has not completed. */
  conclusion: 'success' | 'failure' | 'neutral' | 'action_required' | 'waits'
  title: string
  /** The summary, in Markdown. */
  summary: string
  /** The faulty line of a file, with a message in plain text. */
  annotation?: { path: string; line: number; message: string }
}

const Made = z.object({ id: z.number() })
const Runs = z.object({
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string().default(''),
      conclusion: z.string().nullish(),
      output: z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish(),
      app: z.object({ id: z.number() }).nullish(),
    }),
  ),
})

/** A check run of ours at GitHub. */
export interface KnownRun {
  id: number
  isOver: boolean
}

/**
 * Reports once for a commit: updates the check run of that name, the known one or the one that GitHub lists, or creates
 * it. `none`: GitHub lists none. Resolves to its id; undefined when GitHub refuses.
 */
export async function reportCheck(
  github: Installations,
  at: RepositoryRef,
  appId: number,
  check: Check,
  known?: KnownRun | 'none',
): Promise<number | undefined> {
  try {
    const ours = known === 'none' ? undefined : (known ?? (await findRun(github, at, appId, check)))
    if (ours !== undefined && 'isSaid' in ours && ours.isSaid) return ours.id
    return await write(github, at, check, ours)
  } catch (error) {
    if (!(error instanceof GitHubRefused) || error instanceof AccountRefused) throw error
    // The known run may have been deleted.
    return typeof known !== 'object' ? undefined : reportCheck(github, at, appId, check)
  }
}

/** The content of our check runs on a commit, the latest of each name. */
export async function listOwnChecks(
  github: Installations,
  at: RepositoryRef,
  appId: number,
  sha: string,
): Promise<Check[]> {
  const { client, name } = await reach(github, at)
  const { data } = await call(
    client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ...name,
      ref: sha,
      app_id: appId,
      per_page: 100,
    }),
  )
  const ours = Runs.parse(data).check_runs.filter((run) => run.app?.id === appId)
  return ours.map(({ name: called, output, conclusion }) => ({
    name: called,
    sha,
    conclusion: CONCLUSIONS.find((one) => one === conclusion) ?? (conclusion == null ? 'waits' : 'neutral'),
    title: output?.title ?? called,
    summary: output?.summary ?? '',
  }))
}

const CONCLUSIONS = ['success', 'failure', 'neutral', 'action_required'] as const

/** Creates a new check run, whatever runs there are. */
export async function postCheck(github: Installations, at: RepositoryRef, check: Check): Promise<void> {
  await write(github, at, check, undefined)
}

async function findRun(github: Installations, at: RepositoryRef, appId: number, check: Check) {
  const { client, name } = await reach(github, at)
  const { data } = await call(
    client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ...name,
      ref: check.sha,
      check_name: check.name,
    }),
  )
  const ours = Runs.parse(data).check_runs.find((run) => run.app?.id === appId)
  if (ours === undefined) return undefined
  const { id, output, conclusion } = ours
  const saysSo = output?.title === check.title && output.summary === check.summary
  return { id, isOver: conclusion != null, isSaid: saysSo && (conclusion ?? undefined) === conclusionOf(check) }
}

async function write(
  github: Installations,
  at: RepositoryRef,
  check: Check,
  run: KnownRun | undefined,
): Promise<number> {
  const { client, name } = await reach(github, at)
  const conclusion = conclusionOf(check)
  const state =
    conclusion === undefined ? { status: 'in_progress' as const } : { status: 'completed' as const, conclusion }
  const body = { ...name, ...state, output: outputOf(check) }
  // A completed run cannot be restarted: a new one takes its place.
  const isNew = run === undefined || (run.isOver && conclusion === undefined)
  const { data } = await call<{ data: unknown }>(
    isNew
      ? post(github, at, { ...body, name: check.name, head_sha: check.sha })
      : client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...body, check_run_id: run.id }),
  )
  return Made.parse(data).id
}

type NewCheckRun = RepositoryName & { name: string; head_sha: string; output: ReturnType<typeof outputOf> }

/** Where GitHub does not create check suites automatically, a run needs one that was created for it. */
async function post(github: Installations, at: InstallationRef, run: NewCheckRun): Promise<{ data: unknown }> {
  const client = await clientOf(github, at)
  const send = () => call(client.request('POST /repos/{owner}/{repo}/check-runs', { ...run }))
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof GitHubRefused) || (error.status !== 404 && error.status !== 422)) throw error
  }
  const { owner, repo, head_sha } = run
  await call(client.request('POST /repos/{owner}/{repo}/check-suites', { owner, repo, head_sha }))
  return send()
}

/**
 * Turns off automatic check suites of ours: GitHub creates one at every push, most of which belong to no pull request,
 * and each takes a write to complete it.
 */
export async function openNoSuites(github: Installations, at: RepositoryRef, appId: number): Promise<void> {
  const { client, name } = await reach(github, at)
  const auto_trigger_checks = [{ app_id: appId, setting: false }]
  await call(client.request('PATCH /repos/{owner}/{repo}/check-suites/preferences', { ...name, auto_trigger_checks }))
}

/** Undefined for one that has not completed. */
export function conclusionOf({ conclusion }: Check) {
  return conclusion === 'waits' ? undefined : conclusion
}

function outputOf({ title, summary, annotation }: Check) {
  if (annotation === undefined) return { title, summary }
  const { path, line, message } = annotation
  return {
    title,
    summary,
    annotations: [{ path, start_line: line, end_line: line, annotation_level: 'failure' as const, message }],
  }
}
