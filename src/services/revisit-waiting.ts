import { cappedItems, contendersFor } from '../operations/tables/pull-request-items.ts'
import { revisitCapped } from '../pull-requests/revisit-capped.ts'
import type { ServiceDeps } from './context.ts'

/** Refreshes every pull request that names an item. */
export async function revisitAll(deps: ServiceDeps, wanted: string): Promise<void> {
  const capped = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(await contendersFor(deps.store, wanted)), ...capped]) await deps.revisit(pull)
}

/**
 * Refreshes the pull request that has waited longest for an item that is open again; it gets the item. `claimant`: the
 * account that released the item, which may now have another one.
 */
export async function passOn(deps: ServiceDeps, wanted: string, claimant?: number): Promise<void> {
  const [next] = await contendersFor(deps.store, wanted)
  const waiting = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(next === undefined ? [] : [next]), ...waiting]) await deps.revisit(pull)
  if (claimant !== undefined) await revisitCapped(deps, claimant)
}
