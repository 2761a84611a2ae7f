import { cappedItems, contendersFor } from '../operations/pull-request-items.ts'
import type { CommandRooms } from './command.ts'

/** Every pull request that names an item looks at it again. */
export async function revisitAll(rooms: CommandRooms, wanted: string): Promise<void> {
  const capped = (await cappedItems(rooms.store)).filter((item) => item.wanted_id === wanted)
  for (const pull of [...(await contendersFor(rooms.store, wanted)), ...capped]) await rooms.revisit(pull)
}

/** An item is open again: who has waited longest gets it. And who let it go may now have another. */
export async function passOn(rooms: CommandRooms, wanted: string, claimant?: number): Promise<void> {
  const [next] = await contendersFor(rooms.store, wanted)
  const capped = await cappedItems(rooms.store)
  const theirs = capped.filter((item) => item.wanted_id === wanted || item.author_id === claimant)
  for (const pull of [...(next === undefined ? [] : [next]), ...theirs]) await rooms.revisit(pull)
}
