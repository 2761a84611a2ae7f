import type { Installations } from '../github/client.ts'
import type { InstallationRef, RepositoryRef } from '../domain/refs.ts'
import type { GitHubAnswer } from '../github/github-answer.ts'
import { reportCheck } from '../github/check-runs.ts'
import { listFiles } from '../github/folder-names.ts'
import type { GitHubApp } from '../github/github.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { lastChangeOf } from '../github/repositories.ts'
import { nearSettings, SETTINGS_CHECK } from '../replies/settings-check.ts'
import { isNearSettings } from './settings.ts'
import { SETTINGS_FILE } from './settings-schema.ts'

/** Where such a file may lie. */
const FOLDERS = ['', '.github', '.GitHub', 'docs']

/** The files of each repository that somebody may take for its settings. */
export async function findNearSettings(
  github: Installations,
  at: InstallationRef,
  names: readonly RepositoryName[],
): Promise<GitHubAnswer<string[][]>> {
  const answer = await listFiles(github, at, names, FOLDERS)
  return 'refused' in answer ? answer : { known: answer.known.map((paths) => paths.filter(isNearSettings)) }
}

/** Whoever writes settings where they are not read would believe that they hold. Said once for a commit. */
export async function pointOutNearSettings(
  github: GitHubApp,
  at: RepositoryRef,
  { path, sha }: { path: string; sha: string },
): Promise<void> {
  const said = { name: SETTINGS_CHECK, sha, conclusion: 'neutral', ...nearSettings(path, SETTINGS_FILE) } as const
  await reportCheck(github, at, (await github.identity()).id, said)
}

/**
 * Of a repository that we see for the first time: a push that wrote such a file before, nobody told us of. What GitHub
 * does not show is not pointed out.
 */
export async function lookForNearSettings(github: GitHubApp, at: RepositoryRef): Promise<void> {
  const answer = await findNearSettings(github, at, [at])
  const path = 'known' in answer ? answer.known[0]![0] : undefined
  const sha = path && (await lastChangeOf(github, at, path))
  if (path !== undefined && sha !== undefined) await pointOutNearSettings(github, at, { path, sha })
}
