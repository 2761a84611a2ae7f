import { leftAlone } from '../replies/left-alone.ts'
import type { ActionContext } from './context.ts'

/**
 * The reason why nothing is done in this repository: the operator or its settings leave it alone; undefined where it is
 * served.
 */
export async function whyLeftAlone({
  admission,
  repository,
}: Pick<ActionContext, 'admission' | 'repository'>): Promise<string | undefined> {
  const answer = await admission(repository)
  return 'refused' in answer ? leftAlone(answer.refused, repository.fullName) : undefined
}
