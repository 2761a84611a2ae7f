import type { DiffHash } from '../pull-requests/diff.ts'
import { skillsOf } from '../reputation/skills.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import type { JudgedWork } from './chosen-work.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * The changes that are judged: the diff, for a pull request, and the skills, either those given or those that the work
 * shows. `like`: a diff with which it will be compared.
 */
export async function judgedChanges(
  deps: ServiceDeps,
  { snapshot: getSnapshot }: CommandContext,
  { wanted, tags }: Pick<JudgedWork, 'wanted' | 'tags'>,
  given: readonly string[] | undefined,
  like?: DiffHash,
): Promise<{ diff: DiffHash | undefined; skills: readonly string[] }> {
  const snapshot = await getSnapshot()
  const diff = await snapshot?.diff(like)
  if (given !== undefined) return { diff, skills: given }
  const ofItem = tags ?? (await deps.ledger.read((db) => describeWanted(db, wanted)))?.tags ?? []
  return { diff, skills: skillsOf((await snapshot?.changedLines()) ?? [], ofItem) }
}
