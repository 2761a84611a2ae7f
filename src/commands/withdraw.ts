import { z } from 'zod'
import { command } from './command.ts'
import { confirm, line, wantedId } from './parser/options.ts'
export const withdraw = command({
  name: 'withdraw',
  group: 'offer',
  usage: '/wl withdraw [w-…] confirm [reason="…"]',
  summary: 'takes an open item off the board, for good',
  note: 'Without `confirm` it says what would happen, and gives the line that does it.',
  who: 'its poster; GitHub admin or maintain where it was posted; trust level 3',
  examples: ['/wl withdraw', '/wl withdraw confirm reason="Done elsewhere"'],
  on: 'both',
  words: ['item', 'confirm'],
  text: 'reason',
  isTextMeant: true,
  options: z.strictObject({ item: wantedId.optional(), confirm, reason: line(300) }),
  refusedAnyway: (services, context, named) => services.whyNotWithdraw(context, named),
  run: (services, context, args, id) => services.withdrawItem(context, args, id),
})
