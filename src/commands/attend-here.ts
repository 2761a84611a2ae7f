import { attend } from '../pull-requests/attend.ts'
import type { CommandRooms, Situation } from './command.ts'

/**
 * The pull request of this thread as it is now, its status comment brought after the ledger; undefined on an issue.
 * A command that has run asks for it too: GitHub may have failed when it ran.
 */
export async function attendHere(
  rooms: CommandRooms,
  { on, place, author, delivery }: Situation,
): Promise<Awaited<ReturnType<typeof attend>>> {
  if (on === 'issue') return undefined
  return attend(rooms, place, { delivery, sender: `${author.login} ${author.id}`, released: [] })
}
