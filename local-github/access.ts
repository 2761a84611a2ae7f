import { notFound, Refusal } from './refusal.ts'
import type { Account, Doer, Grant, Issue, PullRequest, Repository, Role, World } from './world.ts'

const ladder: Role[] = ['read', 'triage', 'write', 'maintain', 'admin']
/** `name` is the custom role's, if it is one; without access it is empty, as GitHub's role_name is. */
export type Standing = { role: Role | 'none'; name: string }

export function accountByLogin(world: Pick<World, 'accounts'>, login: string): Account | undefined {
  const wanted = login.toLowerCase()
  return world.accounts.values().find((account) => !account.deleted && account.login.toLowerCase() === wanted)
}

export function needAccount(world: World, login: string): Account {
  const account = accountByLogin(world, login)
  if (!account) throw new Error(`this GitHub has no account ${login}`)
  return account
}

export function accountById(world: World, id: number): Account {
  const account = world.accounts.get(id)
  if (!account) throw new Error(`no account ${id}`)
  return account
}

export function fullName(world: World, repo: Repository): string {
  return `${accountById(world, repo.ownerId).login}/${repo.name}`
}

export function repositoryByName(world: World, name: string): Repository | undefined {
  const wanted = name.toLowerCase()
  return world.repositories.values().find((repo) => !repo.deleted && fullName(world, repo).toLowerCase() === wanted)
}

export function needRepository(world: World, name: string): Repository {
  const repo = repositoryByName(world, name)
  if (!repo) throw notFound()
  return repo
}

export function needIssue(repo: Repository, number: number): Issue {
  const issue = repo.issues.get(number)
  if (!issue) throw notFound()
  return issue
}

export function isPull(issue: Issue): issue is PullRequest {
  return issue.pull !== null
}

export function needPull(repo: Repository, number: number): PullRequest {
  const issue = needIssue(repo, number)
  if (!isPull(issue)) throw notFound()
  return issue
}

/** The highest role of an account by ownership, organization, teams, collaboration and visibility. */
export function standing(world: World, repo: Repository, account: Account): Standing {
  const owner = accountById(world, repo.ownerId)
  if (account.deleted) return { role: 'none', name: '' }
  const grants: Grant[] = []
  if (owner.id === account.id || owner.members.get(account.id) === 'admin') grants.push('admin')
  if (owner.members.has(account.id) && owner.basePermission !== 'none') grants.push(owner.basePermission)
  for (const team of owner.teams) {
    const grant = team.members.has(account.id) ? team.repositories.get(repo.id) : undefined
    if (grant) grants.push(grant)
  }
  const direct = repo.collaborators.get(account.id)
  if (direct) grants.push(direct)
  if (repo.visibility === 'public') grants.push('read')
  const best = grants.toSorted((a, b) => rank(roleOf(b)) - rank(roleOf(a)))[0]
  if (!best) return { role: 'none', name: '' }
  return { role: roleOf(best), name: typeof best === 'string' ? best : best.name }
}

const roleOf = (grant: Grant): Role => (typeof grant === 'string' ? grant : grant.base)
const rank = (role: Role | 'none') => (role === 'none' ? -1 : ladder.indexOf(role))

export function atLeast(have: Role | 'none', want: Role): boolean {
  return rank(have) >= rank(want)
}

/** The App's permissions are checked at the REST edge; it has no role. */
export function may(world: World, repo: Repository, doer: Doer, role: Role): boolean {
  return doer.app || atLeast(standing(world, repo, doer.account).role, role)
}

export function demand(world: World, repo: Repository, doer: Doer, role: Role): void {
  if (!may(world, repo, doer, 'read')) throw notFound()
  if (!may(world, repo, doer, role)) {
    throw new Refusal(
      403,
      role === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository.',
    )
  }
}

export function demandWritable(repo: Repository): void {
  if (repo.archived) throw new Refusal(403, 'Repository was archived so is read-only.')
}

/** GitHub refuses integrations and everybody without write on a locked conversation. */
export function demandUnlocked(world: World, repo: Repository, issue: Issue, doer: Doer, what = 'comment'): void {
  if (!issue.locked) return
  if (doer.app || !may(world, repo, doer, 'write')) {
    throw new Refusal(403, `Unable to create ${what} because issue is locked.`)
  }
}

export function isOrgMember(world: World, repo: Repository, account: Account): boolean {
  return accountById(world, repo.ownerId).members.has(account.id)
}

export function installationOf(world: World, repo: Repository) {
  return world.installations
    .values()
    .find(
      (installation) =>
        installation.accountId === repo.ownerId &&
        (installation.selection === 'all' || installation.repositoryIds.has(repo.id)),
    )
}
