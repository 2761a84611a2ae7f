import type { RepositoryRef } from '../domain/refs.ts'
import type { EventDeps } from '../events/event.ts'
import { repositoryAt } from '../operations/tables/repository-names.ts'
import { getRepository } from '../github/repositories.ts'
import { findListedCommit } from '../github/recent-comments.ts'
import { publishAtEnd } from '../pull-requests/publish-status.ts'
import { syncPullRequest } from '../pull-requests/sync-pull-request.ts'
import { noteRevertingCommit, noteReverts } from '../pull-requests/reverts.ts'
import type { RevertJob } from '../pull-requests/types.ts'

/** The most pull requests that one job syncs, for reverts of reverts of reverts. */
const MOST_SCANNED = 20

/**
 * Notes a revert, after it has synced the pull requests that are reverted. Their events may have been missed as well,
 * and a revert that is noted before the work itself would find nothing to note.
 */
export async function handleRevert(deps: EventDeps, delivery: string, job: RevertJob): Promise<void> {
  const at = repositoryAt(job)
  const by = { delivery, sender: 'wasteland-bridge' }
  const scan = scanBeforeJudging(deps, at, by)
  if ('number' in job) return noteReverts(deps, { ...at, number: job.number }, by, scan)
  const repository = await getRepository(deps, at)
  const admitted = repository && (await deps.checkAdmission(at, repository))
  if (repository === undefined || admitted === undefined || 'refused' in admitted) return
  const commit = await findListedCommit(deps, at, job.sha)
  if (commit === undefined) return
  await noteRevertingCommit(deps, { at, repository }, commit, { ...by, author: commit.author }, scan)
}

function scanBeforeJudging(deps: EventDeps, place: RepositoryRef, by: { delivery: string; sender: string }) {
  const seen = new Set<number>()
  const scan = async (numbers: readonly number[]) => {
    for (const number of numbers) {
      if (seen.has(number) || seen.size >= MOST_SCANNED) continue
      seen.add(number)
      // Published at once, and not at the end of the job: another pull request has a job key of its own, under which
      // newer events are handled.
      await publishAtEnd(deps, (publications) =>
        syncPullRequest(deps, { ...place, number }, { ...by, released: [] }, publications),
      )
      await noteReverts(deps, { ...place, number }, by, scan)
    }
  }
  return scan
}
