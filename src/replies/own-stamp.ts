import { quote } from './markdown.ts'

type Act = 'undo' | 'correct'

/** Replies to the author of a stamp who takes it back or corrects it: which of their stamps is meant. */
export const ownStamps = {
  unknown(id: string): string {
    return `There is no stamp ${quote(id)} now: it was never given, or was taken back.`
  },
  notYours({ id, author }: { id: string; author: string }, act: Act): string {
    return `${quote(id)} is a stamp of ${quote(author)}, and only its author may ${act} it. To give your own: \`/wl stamp quality=4\`.`
  },
  noneHere(act: Act): string {
    return `There is no stamp of yours on the work here, so there is nothing to ${act}. One given elsewhere is named by its id, \`/wl ${act} s-…\`.`
  },
  which(stamps: readonly { id: string; subject: string }[], act: Act): string {
    const list = stamps.map(({ id, subject }) => `${quote(id)} on the work of ${quote(subject)}`).join(', ')
    const rest = act === 'correct' ? ' quality=… reason="…"' : ''
    return `You gave several stamps here: ${list}. Name one: \`/wl ${act} ${stamps[0]!.id}${rest}\`.`
  },
} as const
