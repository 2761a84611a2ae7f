/** A cost in points and requests, as GitHub counts them. */
export interface Price {
  requests: number
  points: number
}

/** The number of profiles that are fetched together, their identities in one request. */
export const SET = 20

/**
 * The parts of a bulk profile: the number of items in one request, and of nodes of each. These sizes were measured to
 * be answered; larger ones are not.
 */
export const BULK = {
  identity: { size: SET, first: 0 },
  years: { size: 5, first: 0 },
  repositories: { size: 5, first: 12 },
  pulls: { size: 5, first: 30 },
} as const

/** The number of connections of one item, by which GitHub counts; nested ones once for each node. */
const CONNECTIONS: Record<keyof typeof BULK, number> = {
  identity: 7,
  years: 0,
  repositories: 1 + 7 * BULK.repositories.first,
  pulls: 3 + 3 * BULK.pulls.first,
}

const PARTS = ['identity', 'years', 'repositories', 'pulls'] as const

/**
 * The cost of `fetchBulk` for `count` profiles when nothing fails. A hundred connections are a point, and a request at
 * least one: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function priceOf(count: number): Price {
  const set = priceOfSet(SET)
  const sets = Math.floor(count / SET)
  const rest = priceOfSet(count % SET)
  return { requests: sets * set.requests + rest.requests, points: sets * set.points + rest.points }
}

function priceOfSet(count: number): Price {
  const batches = PARTS.flatMap((part) =>
    sizesOf(count, BULK[part].size).map((size) => pointsOf(size * CONNECTIONS[part])),
  )
  return { requests: batches.length, points: batches.reduce((sum, points) => sum + points, 0) }
}

export function pointsOf(connections: number): number {
  return Math.max(1, Math.round(connections / 100))
}

function sizesOf(count: number, size: number): number[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => Math.min(size, count - index * size))
}
