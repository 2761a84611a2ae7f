import { quote } from './markdown.ts'
import { scoresText, type ShownScores } from './scores.ts'

const BESIDE =
  'the new stamp counts, and the earlier stamp stays in the passbook beside it. A stamp can be corrected once.'

const DONE = `Corrected: ${BESIDE}`

/** Replies to `/wl correct`, which gives a stamp anew. */
export const correcting = {
  /**
   * The answer to a command that had run before. It uses only what the command gives: the same command gets the same
   * answer.
   */
  doneBefore({ quality, reliability }: { quality?: number | undefined; reliability?: number | undefined }): string {
    const follows = (left: string, by: string, score: number) =>
      `${DONE} If you never gave ${left} yourself, it is filled in from ${by}, so it is ${score} now too.`
    if (quality !== undefined && reliability === undefined) return follows('reliability', 'quality', quality)
    if (reliability !== undefined && quality === undefined) return follows('quality', 'reliability', reliability)
    return DONE
  },
  done(before: ShownScores, now: ShownScores): string {
    const shown = (scores: ShownScores) => scoresText({ ...scores, message: undefined })
    return `Corrected, from ${shown(before)} to ${shown(now)}: ${BESIDE}`
  },
  gone(id: string): string {
    return `There is no stamp ${quote(id)} now.`
  },
  correctedAlready(id: string): string {
    return `${quote(id)} was corrected already, and a stamp is corrected once. Within a day, \`/wl undo\` takes the correction back while nobody, you included, has stamped their work since.`
  },
  noQuality(id: string): string {
    return `${quote(id)} has no quality to keep: give \`quality=\` too.`
  },
  isSame(id: string): string {
    return `${quote(id)} says that already: nothing to correct.`
  },
} as const
