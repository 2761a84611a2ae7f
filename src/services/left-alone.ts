import { leftAlone } from '../replies/left-alone.ts'
import type { ActionContext, ServiceDeps } from './context.ts'

/** Why nothing is done in this repository: the operator or its settings leave it alone; undefined where it is served. */
export async function whyLeftAlone(
  deps: ServiceDeps,
  { place, repository }: Pick<ActionContext, 'place' | 'repository'>,
): Promise<string | undefined> {
  const answer = await deps.checkAdmission(place, repository)
  return 'refused' in answer ? leftAlone(answer.refused, repository.fullName) : undefined
}
