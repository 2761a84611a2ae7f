import type { Account } from '../domain/rig.ts'
import type { Client } from '../github/github.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { getPermission, isInTeam, type Permission } from '../github/repositories.ts'
import type { Memory } from './memory.ts'
import { lists, listsNamesake, type Settings } from './settings.ts'
import type { SettingsOf } from './settings-file.ts'

/** What a person may do in a repository. */
export interface Role extends Permission {
  /** True when the repository's settings leave this person out of those who stamp. */
  narrowed: boolean
  /** True when those settings have this person's login and mean another account, or nobody, by it. */
  namesake?: boolean
}

/** What a person may do in a repository, at most a minute old and never older than an event that changed it. */
export type Roles = (client: Client, name: RepositoryName, repositoryId: number, account: Account) => Promise<Role>

export function createRoles(memory: Memory, settingsOf: SettingsOf): Roles {
  return (client, name, repositoryId, account) =>
    memory.recall(repositoryId, `role/${account.id}`, async () => {
      const permission = await getPermission(client, name, account)
      const { stampers, organizationStampers } = await settingsOf(client, name, repositoryId)
      const rules = organizationStampers === undefined ? [stampers] : [stampers, organizationStampers]
      const narrowed = await Promise.all(rules.map((rule) => isNarrowed(client, name, rule, permission, account)))
      if (!narrowed.includes(true)) return { ...permission, narrowed: false }
      return { ...permission, narrowed: true, namesake: rules.some(({ users }) => listsNamesake(users, account)) }
    })
}

async function isNarrowed(
  client: Client,
  name: RepositoryName,
  { permission, teams, users }: Settings['stampers'],
  { admin }: Permission,
  account: Account,
): Promise<boolean> {
  if (permission === 'admin' && !admin) return true
  if (teams.length + users.length === 0 || lists(users, account)) return false
  for (const team of teams) if (await isInTeam(client, name.owner, team, account)) return false
  return true
}
