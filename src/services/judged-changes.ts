import type { DiffHash } from '../pull-requests/diff.ts'
import { skillsOf } from '../reputation/skills.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/** The work as it is judged: its diff, on a pull request, and its skills: those given, or what the work shows. */
export async function judgedChanges(
  deps: ServiceDeps,
  { snapshot: getSnapshot }: CommandContext,
  wanted: string,
  given: readonly string[] | undefined,
): Promise<{ diff: DiffHash | undefined; skills: readonly string[] }> {
  const snapshot = await getSnapshot()
  const diff = await snapshot?.diff()
  if (given !== undefined) return { diff, skills: given }
  const item = await deps.ledger.read((db) => describeWanted(db, wanted))
  return { diff, skills: skillsOf((await snapshot?.changes())?.files ?? [], item?.tags ?? []) }
}
