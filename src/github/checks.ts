import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { ask, type GitHubAnswer } from './github-answer.ts'

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

/** Counts checks; known as undefined where there are none. Checks of the App `except` (our own) are left out. */
export async function countChecks(
  github: Installations,
  at: RepositoryRef,
  ref: string,
  except: number,
): Promise<GitHubAnswer<Checks | undefined>> {
  const { client, name } = await reach(github, at)
  const of = { ...name, ref, per_page: 100 }
  const [runs, combined] = await Promise.all([
    ask(client.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', of)),
    // Octokit unwraps the list of every paged answer but this one. Without a status its state is `pending`.
    ask(client.paginate('GET /repos/{owner}/{repo}/commits/{ref}/status', of, ({ data }) => [data])),
  ])
  // With one half refused, nobody knows whether all have passed.
  if ('refused' in runs) return runs
  if ('refused' in combined) return combined
  const outcomes = [
    ...z
      .array(CheckRun)
      .parse(runs.known)
      .filter((run) => run.app?.id !== except)
      .map((run) => run.conclusion),
    ...z
      .array(CombinedStatus)
      .parse(combined.known)
      .flatMap(({ statuses }) => statuses.map((status) => status.state)),
  ]
  return { known: countOutcomes(outcomes) }
}

/** Conclusions of check runs, none of one that has not ended, and states of statuses; undefined where there are none. */
export function countOutcomes(all: readonly (string | null | undefined)[]): Checks | undefined {
  if (all.length === 0) return undefined
  const outcomes = all.map((outcome) => outcome ?? PENDING)
  const pass = outcomes.filter((outcome) => PASSED.has(outcome)).length
  const pending = outcomes.filter((outcome) => outcome === PENDING).length
  return { pass, failed: outcomes.length - pass - pending, total: outcomes.length }
}
