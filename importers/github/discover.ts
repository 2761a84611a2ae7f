import { z } from 'zod'
import { Unavailable } from '../../src/domain/errors.ts'
import { TooMuch } from './errors.ts'
import type { Asking } from './fetching.ts'
import { askEach, pageOf, within } from './gather.ts'
import { isBot, those } from './normalise.ts'
import { type Price, pointsOf } from './price.ts'
import { MERGES } from './queries.ts'

/** A person whose work others merged, or who merged others' work. */
export interface Contributor {
  login: string
  /** The person's numeric id. */
  id: number
  /** The number of distinct repositories. */
  repositories: number
  /** The number of distinct people on the other side. */
  counterparties: number
}

interface DiscoveredAccount {
  login: string
  id: number
}

/** The authors and mergers of pull requests of one repository; undefined: a bot, or an account that is deleted. */
export interface Merges {
  nameWithOwner: string
  stars: number
  merges: { author?: DiscoveredAccount | undefined; mergedBy?: DiscoveredAccount | undefined }[]
}

const REPOSITORIES_READ = { least: 250, most: 5_000, forEach: 5 }
/** The number of repositories in a request, each with its last 40 merged pull requests. */
const PAGE = 50
/** The largest number of results that GitHub's search gives. */
const SEARCHED = 1_000

/** The number of repositories that must be read to find the `top` contributors. */
export function repositoriesFor(top: number): number {
  const { least, most, forEach } = REPOSITORIES_READ
  return Math.min(Math.max(top * forEach, least), most)
}

/** The cost of `discover`. */
export function priceOfDiscovery(repositories: number): Price {
  const requests = Math.ceil(repositories / PAGE)
  return { requests, points: requests * pointsOf(1 + PAGE) }
}

/**
 * The `top` contributors to the most starred repositories, ranked by the number of repositories and people that vouch
 * for them, so that each is corroborated before their profile is read. `progress` is called now and then with the
 * repositories read, and their total.
 */
export async function discover(
  github: Asking,
  top: number,
  {
    signal,
    repositories = repositoriesFor(top),
    progress,
  }: {
    signal: AbortSignal
    repositories?: number
    progress?: (done: number, of: number) => void
  },
): Promise<Contributor[]> {
  const ranking = createRanking()
  for await (const merges of mostStarred(github, signal)) {
    ranking.add(merges)
    if (ranking.size() % PAGE === 0) progress?.(ranking.size(), repositories)
    if (ranking.size() >= repositories) break
  }
  return ranking.top(top)
}

/**
 * The repositories with the most stars first, each once. Search ends after a thousand results: the next slice of stars
 * begins there.
 */
async function* mostStarred(github: Asking, signal: AbortSignal): AsyncGenerator<Merges> {
  const seen = new Set<string>()
  let most: number | undefined
  for (;;) {
    const known = seen.size
    let inSlice = 0
    for await (const node of slice(github, most, signal)) {
      inSlice++
      const [merges] = those(Repository, [node])
      if (merges === undefined || seen.has(merges.nameWithOwner)) continue
      seen.add(merges.nameWithOwner)
      most = merges.stars
      yield merges
    }
    if (inSlice < SEARCHED || seen.size === known) return
  }
}

async function* slice(github: Asking, most: number | undefined, signal: AbortSignal): AsyncGenerator {
  const starred = `${most === undefined ? 'stars:>=10' : `stars:10..${most}`} sort:stars-desc`
  let first = PAGE
  let after: string | undefined
  for (;;) {
    const [answer] = await askEach(github, MERGES, [{ starred, first, after: after ?? null }], 1, signal)
    if (answer instanceof TooMuch && first > 1) {
      first = Math.max(1, Math.floor(first / 4))
      continue
    }
    if (answer instanceof TooMuch) throw answer
    const page = pageOf(within(answer?.data, 'repositories'))
    if (page === undefined) throw new Unavailable('GitHub does not answer a search for repositories')
    yield* page.nodes
    if (page.after === undefined) return
    after = page.after
  }
}

const Person = z
  .object({ __typename: z.literal('User'), login: z.string(), databaseId: z.int().positive() })
  .refine((actor) => !isBot(actor))
  .transform(({ login, databaseId }): DiscoveredAccount => ({ login, id: databaseId }))
  .optional()
  .catch(undefined)

const Repository = z
  .object({
    nameWithOwner: z.string(),
    stargazerCount: z.number(),
    pullRequests: z.object({ nodes: z.array(z.unknown()).nullish() }).nullish(),
  })
  .transform(({ nameWithOwner, stargazerCount, pullRequests }): Merges => ({
    nameWithOwner,
    stars: stargazerCount,
    merges: those(z.object({ author: Person, mergedBy: Person }), pullRequests?.nodes ?? []),
  }))

/** Counts who worked with whom, and where. */
export function createRanking() {
  const people = new Map<number, { login: string; repositories: Set<number>; counterparties: Set<number> }>()
  let repositories = 0

  function count({ id, login }: DiscoveredAccount, other: DiscoveredAccount | undefined) {
    const person = people.get(id) ?? { login, repositories: new Set(), counterparties: new Set() }
    person.repositories.add(repositories)
    if (other !== undefined) person.counterparties.add(other.id)
    people.set(id, person)
  }

  return {
    size: () => repositories,
    add({ merges }: Pick<Merges, 'merges'>) {
      repositories++
      for (const { author, mergedBy } of merges) {
        // Nobody vouches for a person who merges their own work.
        if (author !== undefined && author.id === mergedBy?.id) continue
        if (author !== undefined) count(author, mergedBy)
        if (mergedBy !== undefined) count(mergedBy, author)
      }
    },
    top(many: number): Contributor[] {
      return [...people]
        .map(([id, { login, ...sets }]) => ({
          login,
          id,
          repositories: sets.repositories.size,
          counterparties: sets.counterparties.size,
        }))
        .toSorted((a, b) => b.repositories - a.repositories || b.counterparties - a.counterparties || a.id - b.id)
        .slice(0, many)
    },
  }
}
