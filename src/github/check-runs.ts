import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

/** What a check run of ours says of a commit. */
export interface Check {
  name: string
  sha: string
  /** `waits`: it has not come to its end. */
  conclusion: 'success' | 'failure' | 'neutral' | 'action_required' | 'waits'
  title: string
  /** Markdown. */
  summary: string
  /** A line of a file that is at fault, with a plain text. */
  annotation?: { path: string; line: number; message: string }
}

const Runs = z.object({
  check_runs: z.array(
    z.object({
      id: z.number(),
      conclusion: z.string().nullish(),
      output: z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish(),
      app: z.object({ id: z.number() }).nullish(),
    }),
  ),
})

/** Reports once for a commit: a check run of that name is brought up to date. False when GitHub will not have it. */
export async function reportCheck(client: Client, name: RepositoryName, appId: number, check: Check): Promise<boolean> {
  try {
    const { data } = await asked(
      client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
        ...name,
        ref: check.sha,
        check_name: check.name,
      }),
    )
    const ours = Runs.parse(data).check_runs.find((run) => run.app?.id === appId)
    const conclusion = check.conclusion === 'waits' ? undefined : check.conclusion
    const isSaid = ours?.output?.title === check.title && ours.output.summary === check.summary
    if (isSaid && (ours.conclusion ?? undefined) === conclusion) return true
    const state =
      conclusion === undefined ? { status: 'in_progress' as const } : { status: 'completed' as const, conclusion }
    const said = { ...name, ...state, output: outputOf(check) }
    // A run that has ended does not begin again: another takes its place.
    const isOver = ours?.conclusion != null && conclusion === undefined
    await asked<unknown>(
      ours === undefined || isOver
        ? client.request('POST /repos/{owner}/{repo}/check-runs', { ...said, name: check.name, head_sha: check.sha })
        : client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...said, check_run_id: ours.id }),
    )
    return true
  } catch (error) {
    if (error instanceof GitHubRefused) return false
    throw error
  }
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
