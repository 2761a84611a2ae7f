import { accountById, fullName, isPull } from '../access.ts'
import { closingIssues } from '../acts/pulls.ts'
import { issuePage } from '../present/issue.ts'
import { nodeId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { moved, repository, type Ask } from '../rest/ask.ts'
import type { Issue, PullRequest, Repository, World } from '../world.ts'
import { presentActor } from './actor.ts'
import { connection, type Paged } from './connection.ts'
import { pullNode } from './pull-node.ts'

/**
 * A repository of this world as GraphQL's `Repository`, also by a name that it once had; a Refusal for one that the
 * caller cannot see.
 */
export function worldRepository(ask: Ask, owner: string, name: string) {
  try {
    const asked = { ...ask, params: { owner, repo: name } }
    const renamed = moved(asked)
    const [newOwner = owner, newName = name] = renamed === undefined ? [] : fullName(ask.world, renamed).split('/')
    const found = { ...ask, params: { owner: newOwner, repo: newName } }
    const repo = repository(found, 'read', 'pull_requests', 'issues')
    return presentRepository(ask, repo)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`)
  }
}

type Linked = Paged & { userLinkedOnly: boolean }

function presentRepository(ask: Ask, repo: Repository): object {
  const { world } = ask
  const owner = accountById(world, repo.ownerId)
  const find = (number: number) => repo.issues.get(number)
  return {
    id: nodeId('R', repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: `${owner.login}/${repo.name}`,
    isPrivate: repo.visibility !== 'public',
    visibility: repo.visibility.toUpperCase(),
    isArchived: repo.archived,
    defaultBranchRef: repo.branches.has(repo.defaultBranch) ? { name: repo.defaultBranch } : null,
    object: ({ expression }: { expression?: string }) => treeAt(world, repo, expression ?? ''),
    owner: {
      __typename: owner.kind === 'Organization' ? 'Organization' : 'User',
      login: owner.login,
      databaseId: owner.id,
    },
    issueOrPullRequest({ number }: { number: number }) {
      const found = find(number)
      if (!found) throw unresolved('an issue or pull request', number)
      return isPull(found) ? presentPull(ask, repo, found) : presentIssue(ask, repo, found)
    },
    issue({ number }: { number: number }) {
      const found = find(number)
      if (!found || isPull(found)) throw unresolved('an Issue', number)
      return presentIssue(ask, repo, found)
    },
    pullRequest({ number }: { number: number }) {
      const found = find(number)
      if (!found || !isPull(found)) throw unresolved('a PullRequest', number)
      return presentPull(ask, repo, found)
    },
  }
}

/** A folder of the default branch, by `HEAD:<path>`; null where there is none. No other expression is supported. */
function treeAt(world: World, repo: Repository, expression: string) {
  const tip = repo.branches.get(repo.defaultBranch)
  if (!expression.startsWith('HEAD:') || tip === undefined) return null
  const folder = expression.slice('HEAD:'.length)
  const start = folder === '' ? '' : `${folder}/`
  const entries = new Map<string, { name: string; type: string }>()
  for (const path of world.git.get(tip).files.keys()) {
    if (!path.startsWith(start)) continue
    const [name = '', ...more] = path.slice(start.length).split('/')
    entries.set(name, { name, type: more.length === 0 ? 'blob' : 'tree' })
  }
  return entries.size === 0 ? null : { __typename: 'Tree', entries: [...entries.values()] }
}

function unresolved(what: string, number: number) {
  return new Refusal(404, `Could not resolve to ${what} with the number of ${number}.`)
}

function presentPull(ask: Ask, repo: Repository, pull: PullRequest): object {
  const { world } = ask
  return {
    __typename: 'PullRequest',
    ...pullNode(ask, repo, pull),
    number: pull.number,
    comments: (asked: Paged) => commentsOf(world, repo, pull, asked),
    body: pull.body ?? '',
    lastEditedAt: pull.versions.at(-1)?.at ?? null,
    userContentEdits: (asked: Paged) => editsOf(world, pull, asked),
    repository: () => presentRepository(ask, repo),
    closingIssuesReferences({ userLinkedOnly, ...page }: Linked) {
      const all = closingIssues(world, repo, pull, userLinkedOnly)
      return connection(page, all.length, (n) => presentIssue(ask, all[n]!.repo, all[n]!.issue))
    },
  }
}

function presentIssue(ask: Ask, repo: Repository, issue: Issue): object {
  const { world } = ask
  return {
    __typename: 'Issue',
    comments: (asked: Paged) => commentsOf(world, repo, issue, asked),
    author: () => presentActor(world, issue.userId),
    body: issue.body ?? '',
    lastEditedAt: issue.versions.at(-1)?.at ?? null,
    fullDatabaseId: String(issue.id),
    url: issuePage(world, repo, issue),
    number: issue.number,
    userContentEdits: (asked: Paged) => editsOf(world, issue, asked),
    repository: () => presentRepository(ask, repo),
    closedByPullRequestsReferences({
      userLinkedOnly,
      includeClosedPrs,
      ...page
    }: Linked & { includeClosedPrs: boolean }) {
      const closes = (at: Repository, pull: PullRequest) =>
        closingIssues(world, at, pull, userLinkedOnly).some((each) => each.issue === issue)
      const all = [...world.repositories.values()].flatMap((at) =>
        [...at.issues.values()]
          .filter(isPull)
          .filter((pull) => (includeClosedPrs || pull.state === 'open') && closes(at, pull))
          .map((pull) => ({ at, pull })),
      )
      return connection(page, all.length, (n) => presentPull(ask, all[n]!.at, all[n]!.pull))
    },
  }
}

function commentsOf(world: World, repo: Repository, { comments }: Issue, asked: Paged) {
  return connection(asked, comments.length, (index) => {
    const { id, userId, versions } = comments[index]!
    const last = versions.at(-1)
    return {
      id: nodeId('IC', repo.id, id),
      fullDatabaseId: String(id),
      author: presentActor(world, userId),
      editor: last === undefined ? null : presentActor(world, last.editorId),
    }
  })
}

/** The edits of an issue, the newest first. */
function editsOf(world: World, { versions }: Issue, asked: Paged) {
  const all = versions.toReversed()
  return connection(asked, all.length, (index) => {
    const { body, editorId, at } = all[index]!
    return { diff: body, editedAt: at, editor: presentActor(world, editorId) }
  })
}
