import { describeWanted } from '../ledger/wanted.ts'
import type { DiffHash } from '../pull-requests/diff.ts'
import { skillsOf } from '../reputation/skills.ts'
import type { CommandDeps, CommandContext } from './command.ts'

/** The work as it is judged: its diff, on a pull request, and its skills: those given, or what the work shows. */
export async function judgedChanges(
  deps: CommandDeps,
  { look }: CommandContext,
  wanted: string,
  given: readonly string[] | undefined,
): Promise<{ diff: DiffHash | undefined; skills: readonly string[] }> {
  const looked = await look()
  const diff = await looked?.diff()
  if (given !== undefined) return { diff, skills: given }
  const item = await deps.ledger.read((db) => describeWanted(db, wanted))
  return { diff, skills: skillsOf((await looked?.changes())?.files ?? [], item?.tags ?? []) }
}
