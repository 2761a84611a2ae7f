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

/** Folders in which such a file may lie. */
const FOLDERS = ['', '.github', '.GitHub', 'docs']

/** Files that somebody may take for the repository's settings. */
export async function findNearSettings(
  github: Installations,
  at: InstallationRef,
  names: readonly RepositoryName[],
): Promise<GitHubAnswer<string[][]>> {
  const answer = await listFiles(github, at, names, FOLDERS)
  return 'refused' in answer ? answer : { known: answer.known.map((paths) => paths.filter(isNearSettings)) }
}

/**
 * Reports settings files in a place where they are not read: their author would believe that they hold. Once for a
 * commit.
 */
export async function pointOutNearSettings(
  github: GitHubApp,
  at: RepositoryRef,
  { path, sha }: { path: string; sha: string },
): Promise<void> {
  const said = { name: SETTINGS_CHECK, sha, conclusion: 'neutral', ...nearSettings(path, SETTINGS_FILE) } as const
  await reportCheck(github, at, (await github.identity()).id, said)
}

/**
 * Searches a repository that we see for the first time: no event told us of a push before. Files that GitHub does not
 * show are not reported.
 */
export async function findAndReportNearSettings(github: GitHubApp, at: RepositoryRef): Promise<void> {
  const answer = await findNearSettings(github, at, [at])
  const path = 'known' in answer ? answer.known[0]![0] : undefined
  const sha = path && (await lastChangeOf(github, at, path))
  if (path !== undefined && sha !== undefined) await pointOutNearSettings(github, at, { path, sha })
}
