import { isoSeconds } from '../../clock.ts'
import { connection, type Paged } from '../../graphql/connection.ts'
import { resourceLimits } from '../../graphql/failure.ts'
import { nodeId } from '../../ids.ts'
import type { World } from '../../world.ts'
import type { Person } from '../people.ts'
import { pullCounts, pullsOf, type PullState } from '../pulls.ts'
import { externalRepository, ownedOf, ownRepository } from '../repositories.ts'
import { contributionsNode, type Window } from './contributions.ts'
import { pullNode } from './pull.ts'
import { repositoryNode } from './repository.ts'

const STATES: PullState[] = ['MERGED', 'CLOSED', 'OPEN']

/** A person as GraphQL's `User`. */
export function userNode(world: World, person: Person) {
  const { url } = world
  const { character } = person
  const organizations = character.counterparties > 50 ? 2 : 0
  return {
    __typename: 'User',
    id: nodeId('U', person.id),
    databaseId: person.id,
    login: person.login,
    name: person.name,
    bio: person.bio,
    location: person.location,
    company: null,
    avatarUrl: `${url}/avatars/u/${person.id}?v=4`,
    url: `${url}/${person.login}`,
    createdAt: isoSeconds(person.createdAt),
    updatedAt: isoSeconds(person.today),
    isGitHubStar: false,
    hasSponsorsListing: false,
    userViewType: person.isPrivate ? 'PRIVATE' : 'PUBLIC',
    followers: (asked: Paged) => connection(asked, character.followers, () => null),
    following: (asked: Paged) => connection(asked, Math.min(character.followers, 50), () => null),
    sponsors: (asked: Paged) => connection(asked, 0, () => null),
    organizations: (asked: Paged) =>
      connection(asked, organizations, (index) => ({ login: `org-of-${person.id}-${index}`, isVerified: index === 0 })),
    issues: (asked: Paged) => connection(asked, character.issues, () => null),
    repositories: (asked: Paged & { isFork?: boolean | null }) => repositories(url, person, asked),
    repositoriesContributedTo(asked: Paged) {
      if (person.isHeavy) throw resourceLimits()
      const all = character.ext.map((_, which) => externalRepository(person, which))
      const sorted = all.toSorted((a, b) => b.facts.stars - a.facts.stars)
      return connection(asked, sorted.length, (index) => repositoryNode(url, sorted[index]!))
    },
    pullRequests: (asked: Paged & { states?: PullState[] }) => pulls(url, person, asked),
    contributionsCollection: (asked: Window) => contributionsNode(url, world.clock.now(), person, asked),
  }
}

/** Sorted by stars, the most first, whatever order the query asks for. */
function repositories(url: string, person: Person, { isFork, ...asked }: Paged & { isFork?: boolean | null }) {
  const { sources, forks, all } = ownedOf(person)
  const [start, total] = isFork == null ? [0, all] : isFork ? [sources, forks] : [0, sources]
  return connection(asked, total, (index) => repositoryNode(url, ownRepository(person, start + index)))
}

function pulls(url: string, person: Person, { states, ...asked }: Paged & { states?: PullState[] }) {
  const { external, own } = pullCounts(person)
  const wanted = states ?? STATES
  const total = wanted.reduce((sum, state) => sum + external[state] + own[state], 0)
  const isCount = asked.first === undefined && asked.last === undefined
  const listed = isCount ? [] : pullsOf(person, wanted)
  return connection(asked, total, (index) => pullNode(url, listed[index]!), Math.min(total, listed.length))
}
