import { Failure } from './failure.ts'

export interface Paged {
  first?: number
  last?: number
  after?: string | null
}

/**
 * A page of a lazy list: only the nodes of the page are made. A cursor is the number of nodes up to its own. `reach` is
 * how far pages go, where that is less than the total.
 */
export function connection<T>(
  { first, last, after }: Paged,
  total: number,
  at: (index: number) => T,
  reach: number = total,
) {
  const start = last === undefined ? from(after) : Math.max(0, reach - last)
  const end = Math.min(reach, start + (first ?? last ?? 100))
  const indexes = Array.from({ length: Math.max(0, end - start) }, (_, step) => start + step)
  const nodes = () => indexes.map(at)
  return {
    totalCount: total,
    nodes,
    edges: () => indexes.map((index) => ({ cursor: cursor(index + 1), node: at(index) })),
    pageInfo: {
      hasNextPage: end < reach,
      hasPreviousPage: start > 0,
      startCursor: indexes.length === 0 ? null : cursor(start + 1),
      endCursor: indexes.length === 0 ? null : cursor(end),
    },
  }
}

const cursor = (place: number) => Buffer.from(`cursor:v2:${place}`).toString('base64')

function from(after: string | null | undefined): number {
  if (after == null) return 0
  const [, place] = /^cursor:v2:(\d+)$/.exec(Buffer.from(after, 'base64').toString()) ?? []
  if (place === undefined)
    throw new Failure('INVALID_CURSOR_ARGUMENTS', `\`${after}\` does not appear to be a valid cursor.`)
  return Number(place)
}
