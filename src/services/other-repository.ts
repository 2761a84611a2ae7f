import type { EffectiveRole } from '../authorization/roles.ts'
import type { Account } from '../domain/rig.ts'
import { ask } from '../github/github-answer.ts'
import type { RepositoryFacts, RepositoryName } from '../github/pull-requests.ts'
import { findRepository } from '../github/repositories.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { ServiceDeps } from './context.ts'

/** Another repository than the one where something is said, as the App reaches it now. */
interface Reached {
  at: RepositoryRef
  repository: RepositoryFacts
}

/** Undefined where the App is not installed, or the repository is gone: what is not told is not allowed. */
async function reach(deps: ServiceDeps, name: RepositoryName): Promise<Reached | undefined> {
  const answer = await ask(find(deps, name))
  return 'known' in answer ? answer.known : undefined
}

async function find(deps: ServiceDeps, name: RepositoryName): Promise<Reached | undefined> {
  const installation = await deps.installationAt(name)
  if (installation === undefined) return undefined
  const repository = await findRepository(deps, { installation, ...name })
  if (repository === undefined) return undefined
  const [owner, repo] = repository.fullName.split('/') as [string, string]
  return { at: { installation, owner, repo }, repository }
}

/** What a person may in another repository; undefined where the App does not reach it. */
export async function roleAt(
  deps: ServiceDeps,
  name: RepositoryName,
  person: Account,
): Promise<{ repository: RepositoryFacts; role: EffectiveRole } | undefined> {
  const reached = await reach(deps, name)
  if (reached === undefined) return undefined
  const { at, repository } = reached
  return { repository, role: await deps.roles(at, repository.id, person) }
}
