import { itemsEverIn, itemsReachedBy } from '../operations/tables/repository-names.ts'
import { endRechecksIn } from '../operations/tables/rechecks.ts'
import { stopWaiting } from '../pull-requests/sync-item.ts'
import type { EventDeps } from './event.ts'

/**
 * We may not serve a repository any more, or cannot see it: what waits for an item there waits no more, so that the
 * next one elsewhere is asked. The ledger stays. `installation`: only as far as we reached it by that.
 */
export async function releaseRepository(deps: EventDeps, repositoryId: number, installation?: number): Promise<void> {
  const items = await itemsEverIn(deps.store, deps.host, repositoryId)
  const isMeant = (id: number) => installation === undefined || id === installation
  await stopWaiting(
    deps,
    items.filter((item) => item.linked && isMeant(item.installation_id)),
  )
  await endRechecksIn(deps.store, deps.host, { repositoryId, installationId: installation })
}

/** The same for all that an installation reached. */
export async function letAllGo(deps: EventDeps, installation: number): Promise<void> {
  await stopWaiting(deps, await itemsReachedBy(deps.store, deps.host, installation))
  await endRechecksIn(deps.store, deps.host, { installationId: installation })
}
