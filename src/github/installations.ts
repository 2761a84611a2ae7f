import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type AppAccess, type Installations } from './client.ts'
import { z } from 'zod'
import { call } from './errors.ts'
import { type RepositoryFacts, repositoryFacts, RepositoryShape, type RepositoryName } from './pull-requests.ts'

/** An installation of the App. */
export interface Installation {
  id: number
  suspended: boolean
}

/** Lists every installation of the App. */
export async function listInstallations(github: AppAccess): Promise<Installation[]> {
  const client = await github.app()
  const data = await call(client.paginate('GET /app/installations', { per_page: 100 }))
  return z
    .array(z.object({ id: z.number(), suspended_at: z.string().nullish() }))
    .parse(data)
    .map(({ id, suspended_at: since }) => ({ id, suspended: since != null }))
}

export type InstalledRepository = RepositoryFacts & { name: RepositoryName }

/** The repositories that an installation reaches. `client` is that installation's. */
export async function listRepositories(github: Installations, at: InstallationRef): Promise<InstalledRepository[]> {
  const client = await clientOf(github, at)
  const data = await call(client.paginate('GET /installation/repositories', { per_page: 100 }))
  return z
    .array(RepositoryShape.extend({ name: z.string() }))
    .parse(data)
    .map((one) => ({ ...repositoryFacts(one), name: { owner: one.owner.login, repo: one.name } }))
}
