import { fullName } from './access.ts'
import type { Commit } from './git.ts'
import { accountOfEmail, changesOf, commitNodeId, stats } from './present/commit.ts'
import { Refusal } from './refusal.ts'
import { repository, type Ask } from './rest/ask.ts'
import type { Account, Repository } from './world.ts'

/** A commit by its global id, the one type of node that is queried so; a Refusal where the caller can see none. */
export function commitNode(ask: Ask, id: string): object {
  const { git, repositories } = ask.world
  const repo = repositories.values().find((each) => !each.deleted && id.startsWith(commitNodeId(each, '')))
  const commit = repo && git.find(id.slice(commitNodeId(repo, '').length))
  if (!repo || !commit || commitNodeId(repo, commit.sha) !== id || !isVisible(ask, repo))
    return new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`)
  const authors = authorsOf(commit).map(({ email }) => ({ user: userNode(accountOfEmail(ask.world, email)) }))
  const { additions, deletions } = stats(changesOf(ask.world, commit))
  return {
    __typename: 'Commit',
    id,
    additions,
    deletions,
    authors: ({ first = 100 }: { first?: number }) => ({ nodes: authors.slice(0, first), totalCount: authors.length }),
  }
}

/** A person; GraphQL names no bot as the author of a commit. */
export function userNode(account: Account | undefined) {
  return account?.kind === 'User' ? { login: account.login, databaseId: account.id } : null
}

/** The author of the commit, then the co-authors of its trailers. */
function authorsOf({ author, message }: Commit): { email: string }[] {
  const trailers = [...message.matchAll(/^co-authored-by:.*<(.*)>/gim)].map(([, email = '']) => ({ email }))
  return [author, ...trailers].filter((one, at, all) => all.findIndex(({ email }) => email === one.email) === at)
}

function isVisible(ask: Ask, repo: Repository): boolean {
  const [owner = '', name = ''] = fullName(ask.world, repo).split('/')
  try {
    return repository({ ...ask, params: { owner, repo: name } }, 'read', 'contents') === repo
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
