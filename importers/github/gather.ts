import { z } from 'zod'
import { Unavailable } from '../../src/domain/errors.ts'
import { type Answer, type Fault, isTooMuch } from './answers.ts'
import { TooMuch } from './errors.ts'
import type { Asking } from './fetching.ts'
import { batched, placeOf, type Query, type Variables } from './queries.ts'

/** GitHub's raw answers of a stage; not `whole` where a part was too much, however small the query. */
export const Gathered = z.object({ nodes: z.array(z.unknown()), whole: z.boolean() })
export type Gathered = z.infer<typeof Gathered>

/** The limit of pagination: more nodes would change no score, and an automated account would never be done. */
const MOST_NODES = 10_000

export const NOTHING: Gathered = { nodes: [], whole: false }

/** This many timeouts in a row, and nothing else, mean that GitHub is away, and not that the items are large. */
const ALL_AWAY = 5

/**
 * Runs `query` for each item, `size` in one request, and gives the answers in the items' order. Requests that are too
 * much are halved: 5 becomes 2 and 3, those 1; answers that came are kept. An item that is too much alone gives
 * TooMuch.
 */
export async function askEach(
  github: Asking,
  query: Query,
  items: readonly Variables[],
  size: number,
  signal: AbortSignal,
): Promise<(Answer | TooMuch)[]> {
  const answers: (Answer | TooMuch)[] = []
  for (let start = 0; start < items.length; start += size)
    answers.push(...(await askAtOnce(github, query, items.slice(start, start + size), signal)))
  if (answers.length >= ALL_AWAY && answers.every((answer) => answer instanceof TooMuch && answer.of === 'time'))
    throw new Unavailable('GitHub answers nothing in time')
  return answers
}

async function askAtOnce(
  github: Asking,
  query: Query,
  items: readonly Variables[],
  signal: AbortSignal,
): Promise<(Answer | TooMuch)[]> {
  const answers = await asked(github, query, items, signal)
  const again = items.filter((_, index) => answers[index] instanceof TooMuch)
  if (again.length === 0 || items.length === 1) return answers
  const half = Math.floor(again.length / 2)
  const parts = again.length < items.length ? [again] : [again.slice(0, half), again.slice(half)]
  const smaller: (Answer | TooMuch)[] = []
  for (const part of parts) smaller.push(...(await askAtOnce(github, query, part, signal)))
  return answers.map((answer) => (answer instanceof TooMuch ? smaller.shift()! : answer))
}

async function asked(
  github: Asking,
  query: Query,
  items: readonly Variables[],
  signal: AbortSignal,
): Promise<(Answer | TooMuch)[]> {
  const { text, variables } = batched(query, items)
  try {
    return apart(await github.query(text, variables, signal), items.length)
  } catch (error) {
    if (error instanceof TooMuch) return items.map(() => error)
    throw error
  }
}

/** Splits the answer of a batch into those of its items. */
function apart({ data, faults }: Answer, length: number): (Answer | TooMuch)[] {
  const answers: Answer[] = Array.from({ length }, () => ({ data: {}, faults: [] }))
  for (const [key, value] of Object.entries(data)) {
    const place = placeOf(key)
    if (place !== undefined) answers[place.index]!.data[place.name] = value
  }
  for (const { path, type } of faults) {
    const place = placeOf(path[0])
    if (place !== undefined) answers[place.index]?.faults.push({ type, path: [place.name, ...path.slice(1)] })
  }
  // Another item's fault may remove all data: then this item is asked again.
  const isLost = ({ data, faults }: Answer) => faults.length === 0 && Object.keys(data).length === 0
  return answers.map((answer) => (answer.faults.some(isTooMuch) || isLost(answer) ? new TooMuch('resources') : answer))
}

const Connection = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.unknown()).nullish(),
})

/** One page of a connection; `after` is undefined when it is the last. Undefined where GitHub gave none. */
export function pageOf(connection: unknown): { nodes: unknown[]; after: string | undefined } | undefined {
  const page = Connection.safeParse(connection).data
  if (page === undefined) return undefined
  const { hasNextPage, endCursor } = page.pageInfo
  return { nodes: page.nodes ?? [], after: hasNextPage ? (endCursor ?? undefined) : undefined }
}

const LARGEST_PAGE = 50

/** All pages of the connection that `at` finds in an answer; with smaller pages where they are too much. */
export async function allPages(
  github: Asking,
  query: Query,
  variables: Variables,
  at: (data: Answer['data']) => unknown,
  signal: AbortSignal,
  most = MOST_NODES,
): Promise<Gathered & { faults: Fault[] }> {
  const nodes: unknown[] = []
  let first = LARGEST_PAGE
  let after: string | undefined
  for (;;) {
    const [answer] = await askEach(github, query, [{ ...variables, first, after: after ?? null }], 1, signal)
    if (answer instanceof TooMuch) {
      if (first === 1) return { nodes, whole: false, faults: [] }
      first = Math.max(1, Math.floor(first / 4))
      continue
    }
    const page = pageOf(at(answer!.data))
    if (page === undefined) return { nodes, whole: false, faults: answer!.faults }
    nodes.push(...page.nodes.filter(isPublic))
    if (page.after === undefined || nodes.length >= most) return { nodes, whole: true, faults: [] }
    after = page.after
  }
}

/** False for a private node: a token may see more than the public does, and private data is dropped at once. */
function isPublic(node: unknown): boolean {
  const repository = within(node, 'repository') ?? within(node, 'pullRequest', 'repository')
  return within(repository, 'isPrivate') !== true
}

/** The value at a path of names; undefined where a part of the path is missing. */
export function within(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value)
}
