import { listClosingPulls } from '../github/linked-issues.ts'
import { endRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import type { SyncItemDeps } from './types.ts'

/**
 * Refreshes the pull requests that close a posted issue. Where GitHub refuses to list them, the issue is checked again
 * later.
 */
export async function revisitClosing(
  deps: Pick<SyncItemDeps, 'store' | 'host' | 'now' | 'revisit' | 'installation'>,
  issue: PullRequestRef,
  repositoryId: number,
): Promise<void> {
  const closing = await listClosingPulls(deps, issue, issue.number)
  for (const pull of 'known' in closing ? closing.known : [])
    await deps.revisit({ ...pull, installation_id: issue.installation })
  const place = { ...placeOf(issue, repositoryId), number: issue.number }
  // A partial answer has all pull requests that the App may see; an issue that is gone has none.
  if ('refused' in closing && closing.refused.why !== 'hidden')
    await noteRecheck(deps.store, deps.host, place, deps.now())
  else await endRecheck(deps.store, deps.host, place)
}
