import { cappedItems, contendersFor } from '../operations/tables/pull-request-items.ts'
import { revisitCapped } from '../pull-requests/revisit-capped.ts'
import type { ServiceDeps } from './context.ts'

/** Refreshes every pull request that names an item. */
export async function revisitAll(deps: ServiceDeps, wanted: string): Promise<void> {
  const capped = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(await contendersFor(deps.store, wanted)), ...capped]) await deps.revisit(pull)
}

/**
 * Once an item is open again: refreshes the pull request that has waited longest, which gets it. `claimant`: the
 * account that let it go, which may now have another item.
 */
export async function passOn(deps: ServiceDeps, wanted: string, claimant?: number): Promise<void> {
  const [next] = await contendersFor(deps.store, wanted)
  const waiting = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(next === undefined ? [] : [next]), ...waiting]) await deps.revisit(pull)
  if (claimant !== undefined) await revisitCapped(deps, claimant)
}
