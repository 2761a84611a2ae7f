import { listClosingPulls } from '../github/linked-issues.ts'
import { endRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import type { SyncItemDeps } from './types.ts'

/** Has the pull requests looked at that close a posted issue. Where GitHub refuses to tell them, it is asked again. */
export async function revisitClosing(
  deps: Pick<SyncItemDeps, 'store' | 'host' | 'now' | 'revisit' | 'installation'>,
  issue: PullRequestRef,
  repositoryId: number,
): Promise<void> {
  const closing = await listClosingPulls(deps, issue, issue.number)
  for (const pull of 'known' in closing ? closing.known : [])
    await deps.revisit({ ...pull, installation_id: issue.installation })
  const place = { ...placeOf(issue, repositoryId), number: issue.number }
  // A part tells of all that we may see; an issue that is gone, of none.
  if ('refused' in closing && closing.refused.why !== 'hidden')
    await noteRecheck(deps.store, deps.host, place, deps.now())
  else await endRecheck(deps.store, deps.host, place)
}
