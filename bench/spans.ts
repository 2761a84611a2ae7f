/** Whom a process may wait for. What is left of its time is its own. */
export const PARTS = ['github', 'dolt', 'postgres'] as const
export type Part = (typeof PARTS)[number]

/** One wait of a process, from sending to the whole answer, in `now()` of `figure.ts`. */
export interface Span {
  part: Part
  /** The request or the statement, cut. */
  what: string
  began: number
  ended: number
}

/** How long something took, by part, and how often each was asked. */
export interface Times {
  all: number
  own: number
  took: Record<Part, number>
  asked: Record<Part, number>
}

/** Each moment from `from` to `to` counts once: as the first of PARTS that was waited for, else as our own. */
export function timeByPart(spans: readonly Span[], from: number, to: number): Times {
  const within = spans.filter((span) => span.ended > from && span.began < to)
  const edges = within.flatMap(({ part, began, ended }) => [
    { at: Math.max(began, from), part, change: 1 },
    { at: Math.min(ended, to), part, change: -1 },
  ])
  const waiting: Record<Part, number> = { github: 0, dolt: 0, postgres: 0 }
  const took: Record<Part, number> = { github: 0, dolt: 0, postgres: 0 }
  let at = from
  for (const edge of edges.toSorted((a, b) => a.at - b.at)) {
    const part = PARTS.find((name) => waiting[name] > 0)
    if (part !== undefined) took[part] += edge.at - at
    at = edge.at
    waiting[edge.part] += edge.change
  }
  const asked: Record<Part, number> = { github: 0, dolt: 0, postgres: 0 }
  for (const { part } of within) asked[part]++
  const all = to - from
  return { all, own: all - took.github - took.dolt - took.postgres, took, asked }
}

/** What was waited for longest, a line each: how often, and how long in all. */
export function longestWaits(spans: readonly Span[], lines = 10): string[] {
  const kinds = Map.groupBy(
    spans,
    ({ part, what }) => `${part} ${what.replace(/'[^']*'?|\d+|\s+/g, ' ').replace(/ +/g, ' ')}`,
  )
  const sums = [...kinds].map(([kind, all]) => {
    const took = all.reduce((sum, { began, ended }) => sum + ended - began, 0)
    return { kind, count: all.length, took }
  })
  const most = sums.toSorted((a, b) => b.took - a.took).slice(0, lines)
  return most.map(({ kind, count, took }) => `  ${(took / 1000).toFixed(2)} s in ${count}: ${kind.slice(0, 90)}`)
}
