import type { EffectiveRole } from '../authorization/roles.ts'
import type { Account } from '../domain/rig.ts'
import { ask } from '../github/github-answer.ts'
import type { RepositoryFacts, RepositoryName } from '../github/pull-requests.ts'
import { findRepository } from '../github/repositories.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { ServiceDeps } from './context.ts'

/** A repository other than that of the command, as the App reaches it now. */
interface Reached {
  at: RepositoryRef
  repository: RepositoryFacts
}

/**
 * Looks a repository up; undefined where the App is not installed, the repository is gone or GitHub refuses: an unknown
 * role allows nothing.
 */
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

/** The role of a person in another repository; undefined where the App does not reach it. */
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
