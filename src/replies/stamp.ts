import { scoresOfGiven, scoresText } from './scores.ts'

/** Replies to `/wl stamp`, which stamps work. */
export const stamping = {
  example(id: string): string {
    return `/wl stamp ${id} quality=4`
  },
  /** The answer on an issue, where no status comment shows the stamp. `given`: the values of the stamp by name. */
  done(given: Readonly<Record<string, unknown>>): string {
    return (
      `Stamped: ${scoresText(scoresOfGiven(given))}. \`/wl undo\` takes it back within a day, while it is the last stamp that the ` +
      'contributor got; `/wl correct quality=… reason="…"` adds a correction, once.'
    )
  },
} as const
