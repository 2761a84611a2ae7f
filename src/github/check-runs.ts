import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

/** What a check run of ours says of a commit. */
export interface Check {
  name: string
  sha: string
  conclusion: 'success' | 'failure'
  title: string
  /** Markdown. */
  summary: string
  /** A line of a file that is at fault, with a plain text. */
  annotation?: { path: string; line: number; message: string }
}

const Runs = z.object({
  check_runs: z.array(
    z.object({ id: z.number(), conclusion: z.string().nullish(), app: z.object({ id: z.number() }).nullish() }),
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
    if (ours?.conclusion === check.conclusion) return true
    const said = { ...name, status: 'completed', conclusion: check.conclusion, output: outputOf(check) } as const
    await asked<unknown>(
      ours === undefined
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
