import { describeWanted } from '../ledger/wanted.ts'
import { diffHash } from '../pull-requests/diff.ts'
import { skillsOf } from '../reputation/skills.ts'
import type { CommandRooms, Situation } from './command.ts'

/** The work as it is judged: its diff, where it has one, and its skills: those given, or what the work shows. */
export async function judgedChanges(
  rooms: CommandRooms,
  { look }: Situation,
  wanted: string,
  given: readonly string[] | undefined,
): Promise<{ diff: string | undefined; skills: readonly string[] }> {
  const files = await (await look())?.changes()
  const diff = files && diffHash(files)
  if (given !== undefined) return { diff, skills: given }
  const item = await rooms.ledger.read((db) => describeWanted(db, wanted))
  return { diff, skills: skillsOf(files ?? [], item?.tags ?? []) }
}
