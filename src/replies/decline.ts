import { count } from '../domain/text.ts'
import { askToConfirm, confirmedLine } from './confirm.ts'

/** Replies to `/wl decline`, by which a person takes no part any more. */
export const declining = {
  done:
    'You take no part from now on: open claims and unstamped work of yours are withdrawn, and you will not be registered again. ' +
    'Stamped work and its history stay in the ledger, which is append-only, and so does what you posted: a maintainer may take ' +
    'that off the board, `/wl withdraw w-…`. If you change your mind: `/wl join`.',
  /** `claims` and `works`: the numbers that would be released. */
  whetherMeant({ claims, works }: { claims: number; works: number }, on: 'issue' | 'pull request'): string {
    return askToConfirm(
      `You would take no part any more, in every repository: ${count(claims, 'open claim')} and ${count(works, 'submitted work', 'submitted works')} ` +
        'without a stamp would be released, and nothing new is recorded for you. Stamped work stays. `/wl join` takes it back, ' +
        'but not what was released.',
      confirmedLine('decline'),
      [
        'To leave one item alone: `/wl unclaim`. To have only your imported profile removed: `/wl forget`.',
        ...(on === 'pull request' ? ['To send back the work of this pull request: `/wl reject reason="…"`.'] : []),
      ],
    )
  },
} as const
