import { syncPullRequestFor } from '../pull-requests/sync-pull-request.ts'
import type { LeftAlone } from '../replies/left-alone.ts'
import type { SyncedPullRequest } from '../pull-requests/types.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * The pull request of this thread by the command's one snapshot, its status comment brought after the ledger; undefined on
 * an issue. A command that has run asks for it too: GitHub may have failed when it ran.
 */
export async function syncHere(
  deps: ServiceDeps,
  { place, author, delivery, snapshot: getSnapshot }: CommandContext,
): Promise<SyncedPullRequest | { refused: LeftAlone } | undefined> {
  const snapshot = await getSnapshot()
  return (
    snapshot &&
    syncPullRequestFor(deps, place, { delivery, sender: `${author.login} ${author.id}`, released: [] }, snapshot)
  )
}
