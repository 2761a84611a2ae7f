import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import { isInTeam } from '../github/repositories.ts'
import { lists, type Settings } from './settings.ts'

type Paths = Settings['stampers']['paths']

/**
 * The folders of a setting in which the files lie, for nested folders the innermost. All folders, where the list of
 * files is cut.
 */
export function touched(paths: Paths, files: readonly string[], isCut: boolean): string[] {
  if (isCut) return Object.keys(paths).toSorted()
  const folders = Object.keys(paths).toSorted((a, b) => b.length - a.length)
  const found = files.flatMap(
    (file) => folders.find((folder) => file === folder || file.startsWith(`${folder}/`)) ?? [],
  )
  return [...new Set(found)].toSorted()
}

/** The first of these folders whose stampers leave this person out; undefined where none does. */
export async function narrowedBy(
  github: Installations,
  at: RepositoryRef,
  paths: Paths,
  folders: readonly string[],
  account: Account,
): Promise<string | undefined> {
  for (const folder of folders) {
    const { teams, users } = paths[folder]!
    if (lists(users, account)) continue
    const memberships = await Promise.all(teams.map((team) => isInTeam(github, at, at.owner, team, account)))
    // An unknown membership counts as none.
    if (!memberships.some((answer) => 'known' in answer && answer.known)) return folder
  }
  return undefined
}
