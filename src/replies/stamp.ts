import { scoresOfGiven, scoresText } from './scores.ts'

/** `/wl stamp`: work is stamped. */
export const stamping = {
  example(id: string): string {
    return `/wl stamp ${id} quality=4`
  },
  /** On an issue, where no status comment shows it. `given`: the values of the stamp by name. */
  done(given: Readonly<Record<string, unknown>>): string {
    return (
      `Stamped: ${scoresText(scoresOfGiven(given))}. \`/wl undo\` takes it back within a day, while it is the last stamp that the ` +
      'contributor got; `/wl correct quality=… reason="…"` adds a correction, once.'
    )
  },
} as const
