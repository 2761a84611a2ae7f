import type { EventDeps } from '../events/event.ts'
import { getRepository } from '../github/repositories.ts'
import { findListedCommit } from '../github/recent.ts'
import { attend, type Place } from '../pull-requests/attend.ts'
import { noteRevertingCommit, noteReverts, type RevertJob } from '../pull-requests/reverts.ts'

/** Reverts of reverts of reverts end somewhere. */
const MOST_LOOKS = 20

/**
 * Notes what was reverted, after what it reverts: the events of that may have been missed as well, and of a revert
 * that comes before the work there would be nothing to note.
 */
export async function attendRevert(deps: EventDeps, delivery: string, job: RevertJob): Promise<void> {
  const client = await deps.installation(job.installation_id)
  const name = { owner: job.owner, repo: job.repo }
  const place = { client, installationId: job.installation_id, name }
  const by = { delivery, sender: 'wasteland-bridge' }
  const look = lookFirst(deps, place, by)
  if ('number' in job) return noteReverts(deps, { ...place, number: job.number }, by, look)
  const repository = await getRepository(client, name)
  const admitted = repository && (await deps.checkAdmission(client, name, repository))
  if (repository === undefined || admitted === undefined || 'refused' in admitted) return
  const commit = await findListedCommit(client, name, job.sha)
  if (commit === undefined) return
  await noteRevertingCommit(deps, { ...place, repository }, commit, { ...by, author: commit.author }, look)
}

function lookFirst(deps: EventDeps, place: Omit<Place, 'number'>, by: { delivery: string; sender: string }) {
  const seen = new Set<number>()
  const look = async (numbers: readonly number[]) => {
    for (const number of numbers) {
      if (seen.has(number) || seen.size >= MOST_LOOKS) continue
      seen.add(number)
      await attend(deps, { ...place, number }, { ...by, released: [] })
      await noteReverts(deps, { ...place, number }, by, look)
    }
  }
  return look
}
