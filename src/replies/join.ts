import { quote } from './markdown.ts'

/** Replies to `/wl join`, by which a person takes part again. */
export const joining = {
  done:
    'You take part again: what you do from now on is recorded, and `/wl import` imports your profile. What was released stays ' +
    'so, and may be claimed again, `/wl claim`; a pull request of yours that names an item does that by itself, at its next ' +
    'change at the latest. A rig that was suspended is so still.',
  older:
    'You said `/wl decline` or `/wl forget` after this, so that stands. To take it back, say `/wl join` in a new comment.',
  tooSoon(next: Date): string {
    const time = next.toISOString().slice(0, 16).replace('T', ' ')
    return `You came back within the last day already, and \`/wl join\` works once a day. Say it again after ${time} UTC.`
  },
  takesPart(rig: string): string {
    return `You take part already: your rig is ${quote(rig)}. \`/wl sheet\` shows it.`
  },
  nothingToJoin:
    'There is nothing to join: you may take part as you are. A rig is registered for you with the first thing that you do: ' +
    'a pull request that names an item, `/wl claim` or `/wl post`. `/wl board` lists the open items.',
} as const
