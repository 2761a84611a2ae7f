/** Something measured, and what it may be at most or must be at least. */
export interface Figure {
  what: string
  is: number
  limit: ['at most' | 'at least', number]
}

/** What a bench is given: how to say a line, how to tell a figure as soon as it is known, and how long it may take. */
export interface Run {
  say(line: string): void
  tell(figure: Figure): void
  /** A few of everything, to see that it runs; the figures then say little. */
  quick: boolean
  /** A folder for V8's CPU profiles of the bridge under measure; undefined: none are made. */
  profiles?: string | undefined
  /** GitHub's latency in milliseconds; undefined: the bench's own choice, which is none where it says nothing. */
  latency?: number | undefined
}

export type Bench = (run: Run) => Promise<void>

export function holds({ is, limit: [how, bound] }: Figure): boolean {
  return how === 'at most' ? is <= bound : is >= bound
}

/** The value that a share of all does not exceed, `quantile(times, 0.5)`; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Milliseconds of a clock that all processes of this machine share. */
export const now = () => Number(process.hrtime.bigint()) / 1e6

export const ms = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`
