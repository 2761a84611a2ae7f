import { quote } from './markdown.ts'

const TOO_LARGE = 'GitHub does not show the whole diff of this pull request (more than 300 files or 20,000 lines)'

/** Replies about a stamp that waits for the merge (`stamp-on: merge`). */
export const deferring = {
  /** `seal`: the signed marker that stores the stamp. */
  done(seal: string): string {
    return (
      'Deferred: this stamp enters the ledger when the pull request is merged with the work that you judged (a rebase or squash of it too). ' +
      'If other work is merged, you are asked again. `/wl undo` takes it back, another `/wl stamp` takes its place.' +
      `\n\n${seal}`
    )
  },
  tooLarge: `${TOO_LARGE}, so at the merge nobody could tell whether it is what you judged, and the stamp is not kept until then. Stamp it after the merge.`,
  /** Replaces the answer to the command once the stamp waits no longer. */
  noMore: 'This stamp waits no longer: its author took it back, or gave another.',
  notGiven: 'This stamp waits no longer: it was not given, for the reason below.',
  givenAtMerge: 'Given: the stamp is in the ledger since the merge.',
  /** A comment of its own, to the author of the stamp. */
  askedAgain(login: string, why: string): string {
    return `**Not given**, @${login}: ${why}`
  },
  changed:
    'The pull request is merged with other work than was judged when this stamp was said, so it was not given. Look at what was merged, and stamp it again.',
  deferredBefore:
    'This stamp was deferred by an earlier version of this bridge, which did not keep enough to tell whether the same work was merged, so it was not given. Look at what was merged, and stamp it again.',
  unseen: `${TOO_LARGE}, so nobody can tell whether it is what was judged, and it was not given. Look at what was merged, and stamp it again.`,
  notSure(line: string, item: string): string {
    return (
      `versions of this bridge read ${quote(line)} differently, and which of them kept it is not known any more. ` +
      `Say it again, with all of its values: \`/wl stamp ${item} quality=4\`.`
    )
  },
} as const
