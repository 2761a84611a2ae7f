import { listClosingPulls } from '../github/linked-issues.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { endRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { Client } from '../github/client.ts'
import type { SyncItemDeps } from './types.ts'

/** A posted issue. */
interface IssueRef {
  client: Client
  name: RepositoryName
  number: number
  installationId: number
  repositoryId: number
}

/** Has the pull requests looked at that close a posted issue. Where GitHub refuses to tell them, it is asked again. */
export async function revisitClosing(
  { store, host, now, revisit }: Pick<SyncItemDeps, 'store' | 'host' | 'now' | 'revisit'>,
  { client, name, number, installationId: installation_id, repositoryId: repository_id }: IssueRef,
): Promise<void> {
  const closing = await listClosingPulls(client, name, number)
  for (const pull of 'known' in closing ? closing.known : []) await revisit({ ...pull, installation_id })
  const place = { installation_id, repository_id, ...name, number }
  // A part tells of all that we may see; an issue that is gone, of none.
  if ('refused' in closing && closing.refused.why !== 'hidden') await noteRecheck(store, host, place, now())
  else await endRecheck(store, host, place)
}
