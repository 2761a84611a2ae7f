import { accountById, accountByLogin, demand, fullName, repositoryByName, standing } from '../access.ts'
import { presentAccount } from '../present/account.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import type { Account, Doer, Grant, Repository, World } from '../world.ts'

function say(world: World, doer: Doer, repo: Repository, action: string, fields: Record<string, unknown> = {}): void {
  repo.updatedAt = world.clock.iso()
  world.emit({ event: 'repository', action, sender: doer.account, repository: repo, fields })
}

/** The old name redirects, until another repository takes it. */
function rename(world: World, repo: Repository, change: () => void): void {
  const old = fullName(world, repo).toLowerCase()
  change()
  repo.formerNames.add(old)
  const name = fullName(world, repo).toLowerCase()
  for (const other of world.repositories.values()) other.formerNames.delete(name)
}

export function renameRepository(world: World, doer: Doer, repo: Repository, name: string): void {
  demand(world, repo, doer, 'admin')
  if (repositoryByName(world, `${accountById(world, repo.ownerId).login}/${name}`)) {
    throw invalid('Repository', 'name', 'custom', 'name already exists on this account')
  }
  const from = repo.name
  rename(world, repo, () => (repo.name = name))
  say(world, doer, repo, 'renamed', { changes: { repository: { name: { from } } } })
}

/** Transfers a repository. The new owner's installation, if there is one, gets the event. */
export function transferRepository(world: World, doer: Doer, repo: Repository, owner: Account): void {
  demand(world, repo, doer, 'admin')
  const from = accountById(world, repo.ownerId)
  for (const installation of world.installations.values()) installation.repositoryIds.delete(repo.id)
  rename(world, repo, () => (repo.ownerId = owner.id))
  const kind = from.kind === 'Organization' ? 'organization' : 'user'
  say(world, doer, repo, 'transferred', { changes: { owner: { from: { [kind]: presentAccount(world, from) } } } })
}

export function setArchived(world: World, doer: Doer, repo: Repository, archived: boolean): void {
  demand(world, repo, doer, 'admin')
  if (repo.archived === archived) return
  repo.archived = archived
  say(world, doer, repo, archived ? 'archived' : 'unarchived')
}

export function setVisibility(world: World, doer: Doer, repo: Repository, visibility: 'public' | 'private'): void {
  demand(world, repo, doer, 'admin')
  if (repo.visibility === visibility) return
  repo.visibility = visibility
  say(world, doer, repo, visibility === 'public' ? 'publicized' : 'privatized')
}

/** Pull requests from a deleted fork keep their head sha; their head has no repository any more. */
export function deleteRepository(world: World, doer: Doer, repo: Repository): void {
  demand(world, repo, doer, 'admin')
  say(world, doer, repo, 'deleted')
  forget(world, repo)
}

export function forget(world: World, repo: Repository): void {
  repo.deleted = true
  for (const { issues } of world.repositories.values()) {
    for (const { pull } of issues.values()) if (pull?.head.repositoryId === repo.id) pull.head.repositoryId = null
  }
}

/** Sets a role. The `member` event knows only write and admin, and for an edit only the old permission. */
export function setRole(world: World, doer: Doer, repo: Repository, login: string, role: Grant | 'none'): void {
  demand(world, repo, doer, 'admin')
  const account = accountByLogin(world, login)
  if (!account) throw notFound()
  if (account.id === repo.ownerId) throw new Refusal(422, 'Repository owner cannot be a collaborator')
  const before = repo.collaborators.get(account.id)
  const from = legacyPermission(standing(world, repo, account).role)
  if (role === 'none') repo.collaborators.delete(account.id)
  else repo.collaborators.set(account.id, role)
  const action = role === 'none' ? 'removed' : before === undefined ? 'added' : 'edited'
  if (role === 'none' && before === undefined) return
  const changes = {
    added: { changes: { permission: { to: standing(world, repo, account).role === 'admin' ? 'admin' : 'write' } } },
    edited: { changes: { old_permission: { from } } },
    removed: {},
  }[action]
  const fields = { member: presentAccount(world, account), ...changes }
  world.emit({ event: 'member', action, sender: doer.account, repository: repo, fields })
}

/** The legacy `permission`: maintain is shown as write, triage as read. */
export function legacyPermission(role: string): string {
  return { maintain: 'write', triage: 'read' }[role] ?? role
}
