import { cappedItems, contendersFor } from '../operations/tables/pull-request-items.ts'
import { revisitCapped } from '../pull-requests/revisit-capped.ts'
import type { ServiceDeps } from './context.ts'

/** Refreshes every pull request that names an item. */
export async function revisitAll(deps: ServiceDeps, wanted: string): Promise<void> {
  const capped = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(await contendersFor(deps.store, wanted)), ...capped]) await deps.revisit(pull)
}

/** An item is open again: who has waited longest gets it. And who let it go may now have another. */
export async function passOn(deps: ServiceDeps, wanted: string, claimant?: number): Promise<void> {
  const [next] = await contendersFor(deps.store, wanted)
  const waiting = (await cappedItems(deps.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(next === undefined ? [] : [next]), ...waiting]) await deps.revisit(pull)
  if (claimant !== undefined) await revisitCapped(deps, claimant)
}
