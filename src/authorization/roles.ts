import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import type { Refusal } from '../github/github-answer.ts'
import { getPermission, isInTeam, type RepositoryPermission } from '../github/repositories.ts'
import type { PermissionCache } from './permission-cache.ts'
import { isUnread, lists, listsLoginOfAnother, type Settings } from './settings.ts'
import type { SettingsOf } from './settings-file.ts'

/** A person's role in a repository, as narrowed by its settings. */
export interface EffectiveRole extends RepositoryPermission {
  /** True when the repository's settings leave this person out of its stampers. */
  narrowed: boolean
  /** True when those settings list this person's login, but it means another account, or nobody. */
  loginOfAnother?: boolean
  /** Nobody's role counts: a file or a team says who may stamp, and GitHub refuses to tell it. */
  untold?: Refusal
}

/**
 * Reads a person's role in a repository; cached for at most a minute, and never older than an event that changed it.
 */
export type Roles = (at: RepositoryRef, repositoryId: number, account: Account) => Promise<EffectiveRole>

export function createRoles(github: Installations, cache: PermissionCache, settingsOf: SettingsOf): Roles {
  return (at, repositoryId, account) =>
    cache.getOrFetch(repositoryId, `role/${account.id}`, async () => {
      const permission = await getPermission(github, at, account)
      const settings = await settingsOf(at, repositoryId)
      if (isUnread(settings)) return { ...permission, narrowed: true, untold: settings.refused!.refusal }
      const { stampers, organizationStampers } = settings
      const rules = organizationStampers === undefined ? [stampers] : [stampers, organizationStampers]
      const narrowed = await Promise.all(rules.map((rule) => isNarrowed(github, at, rule, permission, account)))
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
  github: Installations,
  at: RepositoryRef,
  { permission, teams, users }: Settings['stampers'],
  { admin }: RepositoryPermission,
  account: Account,
): Promise<boolean | Refusal> {
  if (permission === 'admin' && !admin) return true
  if (teams.length + users.length === 0 || lists(users, account)) return false
  let untold: Refusal | undefined
  for (const team of teams) {
    const answer = await isInTeam(github, at, at.owner, team, account)
    if ('refused' in answer) untold = answer.refused
    else if (answer.known) return false
  }
  return untold ?? true
}
