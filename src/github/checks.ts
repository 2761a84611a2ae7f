import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

/** Check runs and commit statuses of a commit; those that have not ended are neither passed nor failed. */
export interface Checks {
  pass: number
  failed: number
  total: number
}

const CheckRun = z.object({ conclusion: z.string().nullish(), app: z.object({ id: z.number() }).nullish() })
const CombinedStatus = z.object({ statuses: z.array(z.object({ state: z.string() })) })
const PENDING = 'pending'
const PASSED = new Set(['success', 'neutral', 'skipped'])

/**
 * Undefined where there are none, or we may not see them. What the App `except` reports (we ourselves) is no
 * check of the work.
 */
export async function countChecks(
  client: Client,
  name: RepositoryName,
  ref: string,
  except: number,
): Promise<Checks | undefined> {
  const at = { ...name, ref, per_page: 100 }
  const [runs, combined] = await Promise.all([
    askedWhere(client.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', at)),
    // Octokit takes the list out of every paged answer but this one. Without a status its state is `pending`.
    askedWhere(client.paginate('GET /repos/{owner}/{repo}/commits/{ref}/status', at, ({ data }) => [data])),
  ])
  const outcomes = [
    ...z
      .array(CheckRun)
      .parse(runs)
      .filter((run) => run.app?.id !== except)
      .map((run) => run.conclusion ?? PENDING),
    ...z
      .array(CombinedStatus)
      .parse(combined)
      .flatMap(({ statuses }) => statuses.map((status) => status.state)),
  ]
  if (outcomes.length === 0) return undefined
  const pass = outcomes.filter((outcome) => PASSED.has(outcome)).length
  const pending = outcomes.filter((outcome) => outcome === PENDING).length
  return { pass, failed: outcomes.length - pass - pending, total: outcomes.length }
}

/** The answer, or nothing where this App has no right to it. */
async function askedWhere<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await asked(answer)
  } catch (error) {
    if (error instanceof GitHubRefused) return []
    throw error
  }
}
