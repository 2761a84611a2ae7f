import { type SyncOutcome, syncPullRequestFor } from '../pull-requests/sync-pull-request.ts'
import { commitSender } from '../domain/rig.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * Syncs the ledger with the pull request of this thread, by the command's one snapshot; its status comment is published
 * at the end of the delivery. Undefined on an issue. A command that has run before syncs too: GitHub may have failed
 * when it ran.
 */
export async function syncHere(
  deps: ServiceDeps,
  { place, author, delivery, snapshot: getSnapshot, admission, publications }: CommandContext,
): Promise<SyncOutcome> {
  const snapshot = await getSnapshot()
  const cause = { delivery, sender: commitSender(author), released: [] }
  return snapshot && syncPullRequestFor(deps, place, cause, { snapshot, admission, publications })
}
