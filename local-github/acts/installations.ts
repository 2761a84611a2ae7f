import { needAccount, needRepository } from '../access.ts'
import { presentInstallation } from '../present/installation.ts'
import { presentRepositoryName } from '../present/repository.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Account, Doer, Installation, Repository, World } from '../world.ts'

function demandOwner(doer: Doer, account: Account): void {
  if (account.id !== doer.account.id && account.members.get(doer.account.id) !== 'admin') {
    throw new Refusal(403, 'Only an owner can install a GitHub App')
  }
}

function installationOn(world: World, account: Account): Installation {
  const found = world.installations.values().find((installation) => installation.accountId === account.id)
  if (!found) throw notFound()
  return found
}

export function repositoriesOf(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter(
    (repo) =>
      !repo.deleted &&
      repo.ownerId === installation.accountId &&
      (installation.selection === 'all' || installation.repositoryIds.has(repo.id)),
  )
}

function say(world: World, doer: Doer, installation: Installation, action: string): void {
  const repositories = repositoriesOf(world, installation).map((repo) => presentRepositoryName(world, repo))
  const fields = { installation: presentInstallation(world, installation), repositories }
  world.emit({ event: 'installation', action, sender: doer.account, installation, fields })
}

export function install(world: World, doer: Doer, login: string, repositories: 'all' | string[]): Installation {
  const account = needAccount(world, login)
  demandOwner(doer, account)
  const now = world.clock.iso()
  const ids = repositories === 'all' ? [] : repositories.map((name) => needRepository(world, name).id)
  const made: Installation = {
    id: world.id('installation'),
    accountId: account.id,
    selection: repositories === 'all' ? 'all' : 'selected',
    repositoryIds: new Set(ids),
    suspendedAt: null,
    suspendedById: null,
    createdAt: now,
    updatedAt: now,
  }
  world.installations.set(made.id, made)
  say(world, doer, made, 'created')
  return made
}

export function uninstall(world: World, doer: Doer, login: string): void {
  const account = needAccount(world, login)
  demandOwner(doer, account)
  const gone = installationOn(world, account)
  say(world, doer, gone, 'deleted')
  world.installations.delete(gone.id)
}

export function setSuspended(world: World, doer: Doer, login: string, suspended: boolean): void {
  const account = needAccount(world, login)
  demandOwner(doer, account)
  const installation = installationOn(world, account)
  installation.suspendedAt = suspended ? world.clock.iso() : null
  installation.suspendedById = suspended ? doer.account.id : null
  installation.updatedAt = world.clock.iso()
  say(world, doer, installation, suspended ? 'suspend' : 'unsuspend')
}

/** Adds or removes repositories, which makes the selection `selected`. */
export function changeRepositories(
  world: World,
  doer: Doer,
  login: string,
  change: { add?: string[]; remove?: string[] },
): void {
  const account = needAccount(world, login)
  demandOwner(doer, account)
  const installation = installationOn(world, account)
  const added = (change.add ?? []).map((name) => needRepository(world, name))
  const removed = (change.remove ?? []).map((name) => needRepository(world, name))
  if (installation.selection === 'all') {
    installation.repositoryIds = new Set(repositoriesOf(world, installation).map((repo) => repo.id))
    installation.selection = 'selected'
  }
  for (const repo of added) installation.repositoryIds.add(repo.id)
  for (const repo of removed) installation.repositoryIds.delete(repo.id)
  installation.updatedAt = world.clock.iso()
  world.emit({
    event: 'installation_repositories',
    action: added.length > 0 ? 'added' : 'removed',
    sender: doer.account,
    installation,
    fields: {
      installation: presentInstallation(world, installation),
      repository_selection: installation.selection,
      repositories_added: added.map((repo) => presentRepositoryName(world, repo)),
      repositories_removed: removed.map((repo) => presentRepositoryName(world, repo)),
      requester: null,
    },
  })
}
