import { quote } from './markdown.ts'

/** Replies to `/wl reject`, which sends work back. */
export const rejecting = {
  example(id: string): string {
    return `/wl reject ${id} reason="…"`
  },
  isStamped:
    'This work is stamped, and that stays. Only the author of a stamp may take it back, `/wl undo`: within a day, and while it is ' +
    'the last one that the contributor got.',
  isShare:
    'The share of a co-author cannot be rejected by itself: leave it unstamped, or reject the whole work without naming it.',
  done(on: 'issue' | 'pull request', reason: string): string {
    const next =
      on === 'pull request'
        ? 'Once something new is pushed, the work is submitted again; once this is merged, only a new pull request can bring that.'
        : 'The person who has the item mends it and says `/wl done` again.'
    return `Rejected, and back with the person who did it. The reason: ${quote(reason)}. ${next}`
  },
} as const
