import { itemsEverIn, itemsReachedBy } from '../operations/tables/repository-names.ts'
import { endRechecksIn } from '../operations/tables/rechecks.ts'
import { stopWaiting } from '../pull-requests/sync-item.ts'
import type { EventDeps } from './event.ts'

/**
 * Releases what waits in a repository that we may not serve any more, or cannot see: its pull requests wait for no item
 * any more, and the next one elsewhere is refreshed. The ledger is not changed. `installation`: only what that
 * installation gave us access to.
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

/** Releases what waits in all repositories of an installation. */
export async function letAllGo(deps: EventDeps, installation: number): Promise<void> {
  await stopWaiting(deps, await itemsReachedBy(deps.store, deps.host, installation))
  await endRechecksIn(deps.store, deps.host, { installationId: installation })
}
