import { type Attended, attendAs } from '../pull-requests/attend.ts'
import type { LeftAlone } from '../replies/left-alone.ts'
import type { CommandDeps, CommandContext } from './command.ts'

/**
 * The pull request of this thread by the command's one look, its status comment brought after the ledger; undefined on
 * an issue. A command that has run asks for it too: GitHub may have failed when it ran.
 */
export async function attendHere(
  deps: CommandDeps,
  { place, author, delivery, look: looked }: CommandContext,
): Promise<Attended | { refused: LeftAlone } | undefined> {
  const look = await looked()
  return look && attendAs(deps, place, { delivery, sender: `${author.login} ${author.id}`, released: [] }, look)
}
