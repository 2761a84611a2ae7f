import { connection, type Paged } from '../../graphql/connection.ts'
import { Failure } from '../../graphql/failure.ts'
import type { World } from '../../world.ts'
import { followersOf } from '../generated.ts'
import type { People } from '../people.ts'
import { externalPulls, pullCounts, pullsOf, type PullState } from '../pulls.ts'
import { unit } from '../random.ts'
import { project, PROJECTS, starsOf } from '../repositories.ts'
import { pullNode } from './pull.ts'
import { repositoryNode } from './repository.ts'
import { userNode } from './user.ts'

/** GitHub's search shows the first thousand of what it counts. */
const REACH = 1000

export interface Search extends Paged {
  type: string
  query: string
}

/** People by followers, starred projects by stars, pull requests and issues by author or reviewer. */
export function searchNode(world: World, { type, query, ...asked }: Search) {
  if (type === 'USER') return people(world, query, asked)
  if (type === 'REPOSITORY') return repositories(world, query, asked)
  if (!type.startsWith('ISSUE')) throw new Failure('NOT_IMPLEMENTED', `This GitHub has no search of the type ${type}.`)
  const found = issues(world, query)
  const nodes = connection(asked, found.count, (index) => found.at(index), Math.min(REACH, found.listed))
  return { ...nodes, issueCount: found.count }
}

function people(world: World, query: string, asked: Paged) {
  const { start, end } = numbersWithin(query, 'followers', followersOf, world.people.count)
  const total = end - start
  const at = (index: number) => userNode(world, world.people.numbered(start + index))
  return { ...connection(asked, total, at, Math.min(REACH, total)), userCount: total }
}

function repositories(world: World, query: string, asked: Paged) {
  const { start, end } = numbersWithin(query, 'stars', starsOf, PROJECTS)
  const total = end - start
  const at = (index: number) => {
    const rank = start + index
    return repositoryNode(world.url, project(world.people, rank), contributorsOf(world.people, rank))
  }
  return { ...connection(asked, total, at, Math.min(REACH, total)), repositoryCount: total }
}

/** The contributors of a project; people of low numbers contribute the most. */
const contributorsOf = (all: People, rank: number) => (index: number) => {
  const somebody = (seed: number, power: number) => {
    if (all.count === 0) return null
    const { login, id } = all.numbered(Math.floor(unit(rank, index, seed) ** power * all.count))
    return { __typename: 'User', login, databaseId: id }
  }
  return {
    author: index % 13 === 12 ? { __typename: 'Bot', login: 'dependabot' } : somebody(1, 2),
    mergedBy: somebody(2, 4),
  }
}

/** The numbers whose `of`, which falls, lies in the range of the query; all of them where it has none. */
function numbersWithin(query: string, name: string, of: (n: number) => number, count: number) {
  const [, range = '*..*'] = new RegExp(`(?:^|\\s)${name}:(\\S+)`).exec(query) ?? []
  const { least, most } = readRange(range)
  const start = firstWhere(count, (n) => of(n) <= most)
  return {
    start,
    end: Math.max(
      start,
      firstWhere(count, (n) => of(n) < least),
    ),
  }
}

/** GitHub's `10..20`, `10..*`, `>10`, `>=10`, `<20`, `<=20` and `10`. */
function readRange(range: string): { least: number; most: number } {
  const [, low, high] = /^(\d+|\*)\.\.(\d+|\*)$/.exec(range) ?? []
  if (low !== undefined && high !== undefined)
    return { least: low === '*' ? 0 : Number(low), most: high === '*' ? Infinity : Number(high) }
  const [, than, bound] = /^([<>]=?)?(\d+)$/.exec(range) ?? []
  if (bound === undefined) throw new Failure('UNPROCESSABLE', `${range} is no range of numbers.`)
  const n = Number(bound)
  if (than === undefined) return { least: n, most: n }
  const edge = than.endsWith('=') ? 0 : 1
  return than.startsWith('>') ? { least: n + edge, most: Infinity } : { least: 0, most: n - edge }
}

/** Binary search: once true, `holds` stays true. */
function firstWhere(count: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

interface Found {
  count: number
  /** The number of results that can be listed. */
  listed: number
  at: (index: number) => object
}

const NONE: Found = { count: 0, listed: 0, at: () => ({}) }

/** Parses a search for pull requests or issues: whose, and which of theirs. */
export function readSearch(query: string) {
  const words = query.split(/\s+/)
  const after = (prefix: string) => words.find((word) => word.startsWith(prefix))?.slice(prefix.length)
  const author = after('author:')
  const reviewer = after('reviewed-by:')
  return {
    author,
    reviewer,
    states: statesOf(words),
    isIssue: words.includes('is:issue'),
    isExternal: after('-user:') !== undefined,
  }
}

function statesOf(words: string[]): PullState[] {
  if (words.includes('is:merged')) return ['MERGED']
  if (words.includes('is:unmerged')) return ['CLOSED']
  if (words.includes('is:closed')) return ['CLOSED', 'MERGED']
  return words.includes('is:open') ? ['OPEN'] : ['MERGED', 'CLOSED', 'OPEN']
}

/** The person whose work is searched for: undefined for an unknown one; a private profile is an error. */
export function searched(world: World, login: string) {
  const person = world.people.byLogin(login)
  if (person?.isPrivate)
    throw new Failure(
      'UNPROCESSABLE',
      'The listed users cannot be searched either because the users do not exist or you do not have permission to view the users.',
    )
  return person
}

function issues(world: World, query: string): Found {
  const { author, reviewer, states, isIssue, isExternal } = readSearch(query)
  const person = searched(world, reviewer ?? author ?? '')
  if (!person) return NONE
  if (reviewer !== undefined) {
    const { rev, reviews } = person.character
    const external = Math.min(
      reviews,
      rev.reduce((sum, { n }) => sum + n, 0),
    )
    return { ...NONE, count: isExternal ? external : reviews }
  }
  if (isIssue) return { ...NONE, count: person.character.issues }
  const { external, own } = pullCounts(person)
  const count = states.reduce((sum, state) => sum + external[state] + (isExternal ? 0 : own[state]), 0)
  const listed = isExternal
    ? externalPulls(person).filter(({ state }) => states.includes(state))
    : pullsOf(person, states)
  return { count, listed: listed.length, at: (index) => pullNode(world.url, listed[index]!) }
}
