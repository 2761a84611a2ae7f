import { listCommitsSince, type ListedPull } from '../github/recent.ts'
import { mayRevert } from '../pull-requests/reverts.ts'
import type { ReconcileRooms, Served } from './missed.ts'

/** A commit is dated when it was made, and may be pushed later. */
const PUSHED_LATER_MS = 3 * 24 * 3_600_000

/** Has what was reverted noted: by these pull requests, and by commits of the default branch since a time. */
export async function findReverts(
  rooms: ReconcileRooms,
  { client, installationId, name, repository }: Served,
  recent: readonly ListedPull[],
  since: Date,
): Promise<number> {
  const place = { installation_id: installationId, repository_id: repository.id, ...name }
  const pulls = recent.filter((pull) => pull.merged && mayRevert(`${pull.title}\n${pull.body}`))
  for (const { number } of pulls.toSorted((a, b) => a.number - b.number)) await rooms.revert({ ...place, number })
  const commits = await listCommitsSince(client, name, new Date(since.getTime() - PUSHED_LATER_MS))
  const reverting = commits.filter(({ message }) => mayRevert(message))
  for (const { sha } of reverting) await rooms.revert({ ...place, sha })
  return pulls.length + reverting.length
}
