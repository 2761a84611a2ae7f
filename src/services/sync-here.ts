import { type SyncOutcome, syncPullRequestFor } from '../pull-requests/sync-pull-request.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * Syncs the ledger with the pull request of this thread by the command's one snapshot, so that its status comment follows at
 * the end of the delivery; undefined on an issue. A command that has run asks for it too: GitHub may have failed when it ran.
 */
export async function syncHere(
  deps: ServiceDeps,
  { place, author, delivery, snapshot: getSnapshot, admission, publications }: CommandContext,
): Promise<SyncOutcome> {
  const snapshot = await getSnapshot()
  const cause = { delivery, sender: `${author.login} ${author.id}`, released: [] }
  return snapshot && syncPullRequestFor(deps, place, cause, { snapshot, admission, publications })
}
