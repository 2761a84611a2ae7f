import type { GitHubAnswer } from '../github/github-answer.ts'
import { reportCheck } from '../github/check-runs.ts'
import { listFiles } from '../github/folder-names.ts'
import type { AppIdentity } from '../github/github.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { lastChangeOf } from '../github/repositories.ts'
import { nearSettings, SETTINGS_CHECK } from '../replies/settings-check.ts'
import { isNearSettings } from './settings.ts'
import type { Client } from '../github/client.ts'
import { SETTINGS_FILE } from './settings-schema.ts'

/** Where such a file may lie. */
const FOLDERS = ['', '.github', '.GitHub', 'docs']

/** The files of each repository that somebody may take for its settings. */
export async function findNearSettings(
  client: Client,
  names: readonly RepositoryName[],
): Promise<GitHubAnswer<string[][]>> {
  const answer = await listFiles(client, names, FOLDERS)
  return 'refused' in answer ? answer : { known: answer.known.map((paths) => paths.filter(isNearSettings)) }
}

/** Whoever writes settings where they are not read would believe that they hold. Said once for a commit. */
export async function pointOutNearSettings(
  identity: () => Promise<AppIdentity>,
  client: Client,
  name: RepositoryName,
  { path, sha }: { path: string; sha: string },
): Promise<void> {
  const said = { name: SETTINGS_CHECK, sha, conclusion: 'neutral', ...nearSettings(path, SETTINGS_FILE) } as const
  await reportCheck(client, name, (await identity()).id, said)
}

/**
 * Of a repository that we see for the first time: a push that wrote such a file before, nobody told us of. What GitHub
 * does not show is not pointed out.
 */
export async function lookForNearSettings(
  identity: () => Promise<AppIdentity>,
  client: Client,
  name: RepositoryName,
): Promise<void> {
  const answer = await findNearSettings(client, [name])
  const path = 'known' in answer ? answer.known[0]![0] : undefined
  const sha = path && (await lastChangeOf(client, name, path))
  if (path !== undefined && sha !== undefined) await pointOutNearSettings(identity, client, name, { path, sha })
}
