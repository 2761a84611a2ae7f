import type { Account } from '../domain/rig.ts'
import type { Refusal } from '../github/github-answer.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { getPermission, isInTeam, type RepositoryPermission } from '../github/repositories.ts'
import type { PermissionCache } from './permission-cache.ts'
import { isUnread, lists, listsLoginOfAnother, type Settings } from './settings.ts'
import type { SettingsOf } from './settings-file.ts'
import type { Client } from '../github/client.ts'

/** What a person may do in a repository. */
export interface EffectiveRole extends RepositoryPermission {
  /** True when the repository's settings leave this person out of those who stamp. */
  narrowed: boolean
  /** True when those settings have this person's login and mean another account, or nobody, by it. */
  loginOfAnother?: boolean
  /** Nobody's role counts: who may stamp is in a file, or by a team, of which GitHub does not tell. */
  untold?: Refusal
}

/** What a person may do in a repository, at most a minute old and never older than an event that changed it. */
export type Roles = (
  client: Client,
  name: RepositoryName,
  repositoryId: number,
  account: Account,
) => Promise<EffectiveRole>

export function createRoles(cache: PermissionCache, settingsOf: SettingsOf): Roles {
  return (client, name, repositoryId, account) =>
    cache.getOrFetch(repositoryId, `role/${account.id}`, async () => {
      const permission = await getPermission(client, name, account)
      const settings = await settingsOf(client, name, repositoryId)
      if (isUnread(settings)) return { ...permission, narrowed: true, untold: settings.refused!.refusal }
      const { stampers, organizationStampers } = settings
      const rules = organizationStampers === undefined ? [stampers] : [stampers, organizationStampers]
      const narrowed = await Promise.all(rules.map((rule) => isNarrowed(client, name, rule, permission, account)))
      const untold = narrowed.find((one) => typeof one === 'object')
      if (untold !== undefined && !narrowed.includes(true)) return { ...permission, narrowed: true, untold }
      if (!narrowed.includes(true)) return { ...permission, narrowed: false }
      return {
        ...permission,
        narrowed: true,
        loginOfAnother: rules.some(({ users }) => listsLoginOfAnother(users, account)),
      }
    })
}

async function isNarrowed(
  client: Client,
  name: RepositoryName,
  { permission, teams, users }: Settings['stampers'],
  { admin }: RepositoryPermission,
  account: Account,
): Promise<boolean | Refusal> {
  if (permission === 'admin' && !admin) return true
  if (teams.length + users.length === 0 || lists(users, account)) return false
  let untold: Refusal | undefined
  for (const team of teams) {
    const answer = await isInTeam(client, name.owner, team, account)
    if ('refused' in answer) untold = answer.refused
    else if (answer.known) return false
  }
  return untold ?? true
}
