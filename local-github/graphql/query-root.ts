import { commentNode } from '../comment-node.ts'
import { commitNode } from '../commit-node.ts'
import { pullOfId } from '../people/nodes/pull.ts'
import { repositoryNode } from '../people/nodes/repository.ts'
import { searchNode, type Search } from '../people/nodes/search.ts'
import { userNode } from '../people/nodes/user.ts'
import { repositoryNamed } from '../people/repositories.ts'
import { Refusal } from '../refusal.ts'
import { repositoryByName } from '../access.ts'
import type { Ask } from '../rest/ask.ts'
import { Failure } from './failure.ts'
import { worldRepository } from './world-nodes.ts'

/** The root of the schema: the repositories of this world, and its made-up people with theirs. */
export function queryRoot(ask: Ask, rateLimit: object) {
  const { world } = ask
  return {
    rateLimit,
    viewer: () => viewer(ask),
    user: ({ login }: { login: string }) => user(ask, login),
    search: (asked: Search) => searchNode(world, asked),
    repositoryOwner: ({ login }: { login: string }) => repositoryOwner(ask, login),
    organization: ({ login }: { login: string }) => organization(ask, login),
    node: ({ id }: { id: string }) => node(ask, id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => node(ask, id)),
    repository({ owner, name }: { owner: string; name: string }) {
      const isOfWorld = repositoryByName(world, `${owner}/${name}`) !== undefined
      const madeUp = isOfWorld ? undefined : repositoryNamed(world.people, owner, name)
      return madeUp ? repositoryNode(world.url, madeUp) : worldRepository(ask, owner, name)
    },
  }
}

/** Throws a Refusal where the caller can see none. */
function node(ask: Ask, id: string): object {
  const { people, url } = ask.world
  return pullOfId(people, url, id) ?? commentNode(ask, id) ?? commitNode(ask, id)
}

/** Null for an unknown login, without an error. */
function repositoryOwner(ask: Ask, login: string) {
  const kind = ask.world.people.byLogin(login)?.kind
  if (kind === 'Organization') return organization(ask, login)
  return kind === 'User' ? user(ask, login) : null
}

function organization({ world }: Ask, login: string) {
  const found = world.people.byLogin(login)
  if (found?.kind !== 'Organization')
    throw new Refusal(404, `Could not resolve to an Organization with the login of '${login}'.`)
  return { __typename: 'Organization', login: found.login, databaseId: found.id, name: found.name }
}

/** Null for organizations and bots, which are no users. */
function user({ world }: Ask, login: string) {
  const person = world.people.byLogin(login)
  if (person?.kind !== 'User') throw new Refusal(404, `Could not resolve to a User with the login of '${login}'.`)
  return userNode(world, person)
}

function viewer({ world, caller }: Ask) {
  const person = caller.kind === 'user' ? world.people.byId(caller.account.id) : undefined
  if (!person) throw new Failure('FORBIDDEN', 'Resource not accessible by integration')
  return userNode(world, person)
}
