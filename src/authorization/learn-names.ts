import type { AppAccess, Installations } from '../github/client.ts'
import { ask } from '../github/github-answer.ts'
import { type Installation, listInstallations } from '../github/installations.ts'
import { findRepository, getAccount } from '../github/repositories.ts'
import type { AdmittedIds } from '../operations/tables/admitted-names.ts'
import type { AdmittedNames } from './admitted-names.ts'
import type { InstallationRef } from '../domain/refs.ts'

interface Reach extends AppAccess, Installations {
  names: AdmittedNames
}

/**
 * Looks up on GitHub the ids of admitted names that have none yet: an account may be renamed, and its name taken,
 * before we get an event of it. Where the App is installed nowhere, the next run tries again.
 */
export async function learnNames({ names, ...github }: Reach): Promise<void> {
  const unseen = [...(await names.read())].filter(([, meaning]) => meaning === undefined).map(([name]) => name)
  if (unseen.length === 0) return
  const reached = (await listInstallations(github)).find(({ suspended }: Installation) => !suspended)
  if (reached === undefined) return
  for (const name of unseen) {
    const ids = await idsOf(github, { installation: reached.id }, name)
    if (ids !== undefined) await names.learn(name, ids)
  }
}

/** Undefined where nobody has the name, and where GitHub refuses to tell: the next run tries again. */
async function idsOf(github: Installations, at: InstallationRef, name: string): Promise<AdmittedIds | undefined> {
  const [owner = '', repo] = name.split('/')
  if (repo === undefined) {
    const answer = await ask(getAccount(github, at, owner))
    const account = 'known' in answer ? answer.known : undefined
    return account && { ownerId: account.id, repositoryId: undefined }
  }
  const answer = await ask(findRepository(github, { ...at, owner, repo }))
  const found = 'known' in answer ? answer.known : undefined
  // GitHub redirects an old name to wherever the repository is now, which may be another's.
  if (found?.fullName.toLowerCase() !== name) return undefined
  return { ownerId: found.ownerId, repositoryId: found.id }
}
