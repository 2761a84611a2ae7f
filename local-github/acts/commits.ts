import { accountById, accountByLogin, demand, demandWritable, isPull, may } from '../access.ts'
import type { NewCommit } from '../actor.ts'
import { type Commit, contentOf, type Identity, special } from '../git.ts'
import { presentRepository } from '../present/repository.ts'
import { presentPushedCommit } from '../present/commit.ts'
import { repositoryPage } from '../present/urls.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Account, Doer, PullRequest, Repository, World } from '../world.ts'
import { setClosed } from './issues.ts'
import { record, sayIssue } from './say.ts'

const none = '0'.repeat(40)
export const webFlow = { name: 'GitHub', email: 'noreply@github.com' }

export function identityOf(world: World, account: Account): Identity {
  const email = account.emails[0] ?? `${account.id}+${account.login}@users.noreply.github.com`
  return { name: account.name ?? account.login, email, date: world.clock.iso() }
}

function authorOf(world: World, doer: Doer, author: NewCommit['author']): Identity {
  if (typeof author === 'object') return { ...author, date: world.clock.iso() }
  const account = author === undefined ? doer.account : accountByLogin(world, author)
  if (!account) throw new Error(`this GitHub has no account ${author}`)
  return identityOf(world, account)
}

/** Commits one after another onto a parent; returns the last sha. */
export function stack(world: World, doer: Doer, parent: string | null, commits: NewCommit[]): string {
  let tip = parent
  for (const { message, files = {}, author, committer, merges, onPage = false } of commits) {
    const merged = tip === null || merges === undefined ? null : world.git.merge(tip, merges)
    const next = new Map(merged ?? (tip === null ? [] : world.git.get(tip).files))
    for (const [path, content] of Object.entries(files)) {
      if (content === null) next.delete(path)
      else next.set(path, typeof content === 'string' ? content : special(content))
    }
    const identity = authorOf(world, doer, author)
    const paths = Object.keys(files).join(', ')
    tip = world.git.commit({
      parents: [tip, merges].filter((sha) => sha != null),
      files: next,
      author: identity,
      committer: { ...(onPage ? webFlow : (committer ?? identity)), date: identity.date },
      signed: onPage,
      message: message ?? (paths === '' ? 'Empty commit' : `Update ${paths}`),
    }).sha
  }
  if (tip === null) throw new Error('a branch needs a commit')
  return tip
}

/**
 * The commit of the button beside suggestions: its author is the person who presses it, the authors of the suggestions
 * are co-authors.
 */
export function suggested(world: World, doer: Doer, issue: PullRequest, ids: readonly number[]): NewCommit {
  const comments = ids.map((id) => issue.pull.reviewComments.find((one) => one.id === id) ?? absent(id))
  const people = [...new Set(comments.map(({ userId }) => userId))].filter((id) => id !== doer.account.id)
  const trailers = people.map((id) => {
    const { name, email } = identityOf(world, accountById(world, id))
    return `Co-authored-by: ${name} <${email}>`
  })
  const files = Object.fromEntries(world.git.get(issue.pull.head.sha).files)
  const changed: Record<string, string> = {}
  // From the bottom up, so that the line numbers above stay valid.
  for (const { path, startLine, line, body } of comments.toSorted((a, b) => b.line - a.line)) {
    const lines = (changed[path] ?? contentOf(files[path] ?? '')).split('\n')
    const first = startLine ?? line
    lines.splice(first - 1, line - first + 1, ...suggestionIn(body))
    changed[path] = lines.join('\n')
  }
  const title =
    comments.length === 1 ? `Apply suggestion from @${logins(world, people)}` : 'Apply suggestions from code review'
  return { message: [title, trailers.join('\n')].join('\n\n').trim(), files: changed, onPage: true }
}

function logins(world: World, ids: readonly number[]): string {
  return ids.map((id) => accountById(world, id).login).join()
}

function absent(id: number): never {
  throw new Error(`no review comment ${id}`)
}

/** The lines of the first suggestion of a text. */
function suggestionIn(body: string): string[] {
  const lines = body.split(/\r?\n/)
  const from = lines.findIndex((line) => line.trim() === '```suggestion') + 1
  const to = lines.indexOf('```', from)
  if (from === 0 || to < 0) throw new Error('no suggestion')
  return lines.slice(from, to)
}

/** Commits directly onto a branch of a repository that the actor may push to. */
export function commitTo(world: World, doer: Doer, repo: Repository, branch: string, commit: NewCommit): string {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  const tip = repo.branches.get(branch) ?? repo.branches.get(repo.defaultBranch) ?? null
  const sha = stack(world, doer, tip, [commit])
  moveBranch(world, doer, repo, branch, sha)
  return sha
}

/**
 * Moves or makes a branch: `push`, then `pull_request.synchronize` for every open pull request whose head it is.
 */
export function moveBranch(world: World, doer: Doer, repo: Repository, branch: string, sha: string): void {
  const before = repo.branches.get(branch) ?? none
  if (before === sha) return
  const forced = before !== none && world.git.mergeBase(before, sha) !== before
  repo.branches.set(branch, sha)
  repo.pushedAt = world.clock.iso()
  sayPush(world, doer, repo, branch, before, sha, forced)
  for (const { base, issue } of pullsFrom(world, repo, branch)) {
    issue.pull.head.sha = sha
    issue.pull.base.sha = base.branches.get(issue.pull.base.branch) ?? issue.pull.base.sha
    issue.updatedAt = world.clock.iso()
    if (forced) record(world, doer, issue, 'head_ref_force_pushed')
    sayIssue(world, doer, base, issue, 'synchronize', { before, after: sha })
  }
}

/** Pull requests, in any repository, whose head is this branch: the open ones, or the closed. */
function pullsFrom(world: World, head: Repository, branch: string, state: 'open' | 'closed' = 'open') {
  return [...world.repositories.values()]
    .filter((repo) => !repo.deleted)
    .flatMap((base) => [...base.issues.values()].filter(isPull).map((issue) => ({ base, issue })))
    .filter(
      ({ issue }) =>
        issue.state === state && issue.pull.head.repositoryId === head.id && issue.pull.head.branch === branch,
    )
}

export function deleteBranch(world: World, doer: Doer, repo: Repository, branch: string): void {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  const before = repo.branches.get(branch)
  if (before === undefined) throw notFound()
  const closing = pullsFrom(world, repo, branch)
  repo.branches.delete(branch)
  sayPush(world, doer, repo, branch, before, none, false)
  for (const { base, issue } of closing) {
    record(world, doer, issue, 'head_ref_deleted')
    setClosed(world, doer, base, issue, null)
    sayIssue(world, doer, base, issue, 'closed')
  }
}

/** Restores a branch, as the button on the page of a closed pull request does. */
export function restoreBranch(world: World, doer: Doer, repo: Repository, branch: string, sha: string): void {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  moveBranch(world, doer, repo, branch, sha)
  for (const { issue } of pullsFrom(world, repo, branch, 'closed')) record(world, doer, issue, 'head_ref_restored')
}

function sayPush(
  world: World,
  doer: Doer,
  repo: Repository,
  branch: string,
  before: string,
  after: string,
  forced: boolean,
): void {
  const known = before === none ? repo.branches.get(repo.defaultBranch) : before
  const commits: Commit[] = after === none || known === undefined ? [] : world.git.between(known, after)
  const pushed = commits.map((commit) => presentPushedCommit(world, repo, commit))
  const shown = presentRepository(world, repo)
  const pusher = identityOf(world, doer.account)
  world.emit({
    event: 'push',
    action: null,
    sender: doer.account,
    repository: repo,
    fields: {
      ref: `refs/heads/${branch}`,
      before,
      after,
      created: before === none,
      deleted: after === none,
      forced,
      base_ref: null,
      compare: `${repositoryPage(world, repo)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits: pushed,
      head_commit: after === none ? null : presentPushedCommit(world, repo, world.git.get(after)),
      pusher: { name: doer.account.login, email: pusher.email },
      // Push is the one event that gives times as numbers and names a master branch.
      repository: {
        ...shown,
        created_at: Date.parse(repo.createdAt) / 1000,
        pushed_at: Date.parse(repo.pushedAt) / 1000,
        master_branch: repo.defaultBranch,
      },
    },
  })
}

/** The fork that an account has of a repository. */
export function forkOf(world: World, repo: Repository, account: Account): Repository | undefined {
  return world.repositories
    .values()
    .find((other) => !other.deleted && other.parentId === repo.id && other.ownerId === account.id)
}

export function fork(world: World, doer: Doer, repo: Repository): Repository {
  demand(world, repo, doer, 'read')
  const old = forkOf(world, repo, doer.account)
  if (old) return old
  const now = world.clock.iso()
  const made: Repository = {
    ...repo,
    id: world.id('repository'),
    ownerId: doer.account.id,
    parentId: repo.id,
    archived: false,
    formerNames: new Set(),
    collaborators: new Map(),
    labels: [],
    branches: new Map(repo.branches),
    issues: new Map(),
    goneIssues: new Map(),
    checkRuns: [],
    statuses: [],
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  }
  world.repositories.set(made.id, made)
  return made
}

/**
 * Puts commits on a branch of the repository, if the actor may push there, or of the actor's fork; returns GitHub's
 * name for it.
 */
export function makeHead(world: World, doer: Doer, repo: Repository, head: string, commits: NewCommit[]): string {
  const [owner, branch] = head.includes(':') ? (head.split(':', 2) as [string, string]) : [null, head]
  const own = owner === null ? may(world, repo, doer, 'write') : owner === accountById(world, repo.ownerId).login
  const to = own ? repo : fork(world, doer, repo)
  const tip = to.branches.get(branch) ?? repo.branches.get(repo.defaultBranch) ?? null
  moveBranch(world, doer, to, branch, stack(world, doer, tip, commits))
  return `${accountById(world, to.ownerId).login}:${branch}`
}

/** The head branch for more commits: its owner may push to it, and so may maintainers of the base. */
export function headOf(
  world: World,
  doer: Doer,
  repo: Repository,
  { pull }: PullRequest,
): { head: Repository; branch: string } {
  const head = pull.head.repositoryId === null ? undefined : world.repositories.get(pull.head.repositoryId)
  if (!head || head.deleted) throw new Refusal(422, 'The head repository has been deleted')
  if (!may(world, head, doer, 'write') && !may(world, repo, doer, 'write')) {
    throw new Refusal(403, 'Must have push access to repository.')
  }
  return { head, branch: pull.head.branch }
}
