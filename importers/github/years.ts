import { z } from 'zod'
import { TooMuch } from './errors.ts'
import type { Asking } from './fetching.ts'
import { askEach, type Gathered, within } from './gather.ts'
import { CONTRIBUTION_YEARS, YEAR } from './queries.ts'

/** Times are ISO 8601 in UTC; at most a year apart. */
export interface Window {
  from: string
  to: string
}

const DAY_MS = 24 * 3_600_000

/** The last year, from a midnight: the same query on one day has the same answer, as long as nothing changes. */
export function lastYear(now: Date): Window {
  const from = Math.ceil((now.getTime() - 365 * DAY_MS) / DAY_MS) * DAY_MS
  return { from: seconds(from), to: seconds(now.getTime()) }
}

/** The calendar years in which `login` has contributions, the newest first. */
export async function askWindows(
  github: Asking,
  login: string,
  createdAt: string,
  now: Date,
  signal: AbortSignal,
): Promise<Window[]> {
  const [answer] = await askEach(github, CONTRIBUTION_YEARS, [{ login }], 1, signal)
  const told =
    answer instanceof TooMuch ? undefined : within(answer?.data, 'user', 'contributionsCollection', 'contributionYears')
  const years = z.array(z.int()).safeParse(told).data ?? yearsSince(createdAt, now)
  return years
    .toSorted((a, b) => b - a)
    .filter((year) => year <= now.getUTCFullYear())
    .map((year) => ({
      from: `${year}-01-01T00:00:00Z`,
      to: seconds(Math.min(Date.UTC(year + 1, 0) - 1000, now.getTime())),
    }))
}

function yearsSince(createdAt: string, now: Date): number[] {
  const first = new Date(createdAt).getUTCFullYear()
  return Array.from({ length: now.getUTCFullYear() - first + 1 }, (_, index) => first + index)
}

/** The contributions of each person in their window; in half years, one at a time, where a year is too much. */
export async function askYears(
  github: Asking,
  items: readonly (Window & { login: string })[],
  size: number,
  signal: AbortSignal,
): Promise<Gathered[]> {
  const answers = await askEach(
    github,
    YEAR,
    items.map(({ login, from, to }) => ({ login, from, to })),
    size,
    signal,
  )
  const gathered: Gathered[] = []
  for (const [index, answer] of answers.entries()) {
    const { login, ...window } = items[index]!
    const parts = answer instanceof TooMuch ? halves(window).map((half) => ({ login, ...half })) : []
    const asked = parts.length === 0 ? [answer] : await askEach(github, YEAR, parts, 1, signal)
    const nodes = asked.flatMap((part) =>
      part instanceof TooMuch ? [] : (within(part.data, 'user', 'contributionsCollection') ?? []),
    )
    gathered.push({ nodes, whole: nodes.length === asked.length })
  }
  return gathered
}

/** The newer half first. */
function halves({ from, to }: Window): Window[] {
  const middle = Math.floor((Date.parse(from) + Date.parse(to)) / 2)
  return [
    { from: seconds(middle), to },
    { from, to: seconds(middle - 1000) },
  ]
}

/** GitHub's format of times: without milliseconds. */
function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
