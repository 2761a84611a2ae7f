import { itemsEverIn, itemsReachedBy } from '../operations/places.ts'
import { endRechecksIn } from '../operations/rechecks.ts'
import { stopWaiting } from '../pull-requests/follow.ts'
import type { EventRooms } from './event.ts'

/**
 * We may not serve a repository any more, or cannot see it: what waits for an item there waits no more, so that the
 * next one elsewhere is asked. The ledger stays. `installation`: only as far as we reached it by that.
 */
export async function letGo(rooms: EventRooms, repositoryId: number, installation?: number): Promise<void> {
  const items = await itemsEverIn(rooms.store, rooms.host, repositoryId)
  const isMeant = (id: number) => installation === undefined || id === installation
  await stopWaiting(
    rooms,
    items.filter((item) => item.linked && isMeant(item.installation_id)),
  )
  await endRechecksIn(rooms.store, rooms.host, { repositoryId, installationId: installation })
}

/** The same for all that an installation reached. */
export async function letAllGo(rooms: EventRooms, installation: number): Promise<void> {
  await stopWaiting(rooms, await itemsReachedBy(rooms.store, rooms.host, installation))
  await endRechecksIn(rooms.store, rooms.host, { installationId: installation })
}
