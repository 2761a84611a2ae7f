import { quote } from './markdown.ts'
import { scoresText, type ShownScores } from './scores.ts'

const ANEW =
  'The command that gave the stamp does not run again: to judge anew, say `/wl stamp quality=…` in a new comment.'

const CORRECT = 'Its author may correct it once: `/wl correct quality=… reason="…"`.'

const NO_LONGER_DEFERRED =
  'Taken back: it waits no longer, and the merge gives no stamp of yours. A new `/wl stamp` waits anew.'

const NOT_KEPT =
  'The reason stands in your comment alone: a stamp that waits for the merge is not in the ledger yet, so nothing is kept of it.'

/** Replies to `/wl undo`, which takes a stamp back. */
export const undoing = {
  /** The answer to a command that had run before: its scores are not known any more. */
  doneBefore: `Taken back. If another stamp stands on this work, that one counts; if none does, the work waits to be judged again. ${ANEW}`,
  /** `now`: the stamp that counts now; undefined where none does. */
  done(stamp: ShownScores, now: (ShownScores & { author: string }) | undefined): string {
    const shown = (scores: ShownScores) => scoresText({ ...scores, message: undefined })
    const counts =
      now === undefined
        ? 'No stamp stands on this work now: it waits to be judged again.'
        : `What counts now is the stamp of ${quote(now.author)}: ${shown(now)}.`
    return `Taken back. The stamp had ${shown(stamp)}. ${counts} ${ANEW}`
  },
  /** The answer for a stamp that waited for the merge. */
  deferred(hasReason: boolean): string {
    return hasReason ? `${NO_LONGER_DEFERRED} ${NOT_KEPT}` : NO_LONGER_DEFERRED
  },
  notYours(id: string): string {
    return `There is no stamp ${quote(id)} of yours now.`
  },
  tooOld(id: string): string {
    return `${quote(id)} is older than a day and stays. ${CORRECT}`
  },
  notLast(id: string, subject: string, { isCorrected }: { isCorrected: boolean }): string {
    const next = isCorrected ? '' : ` ${CORRECT}`
    return `${quote(id)} is not the last stamp that ${quote(subject)} got: later ones are chained to it, so it stays.${next}`
  },
  hasShares:
    'This stamp adopted the work for an open bounty, and shares of its co-authors are stamped too. Who gave those takes them back ' +
    'first, `/wl undo s-…`, within a day; or correct this one: `/wl correct quality=… reason="…"`.',
} as const
