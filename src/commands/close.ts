import { z } from 'zod'
import { command } from './command.ts'
import { confirm, line, wantedId } from './parser/options.ts'
export const close = command({
  name: 'close',
  group: 'judge',
  usage: '/wl close [w-…] confirm [reason="…"]',
  summary: 'completes submitted work without a stamp, for good',
  note: 'Without `confirm` it says what would happen, and gives the line that does it.',
  who: 'the poster of the item',
  examples: ['/wl close', '/wl close confirm reason="Nobody else here to stamp it"'],
  on: 'both',
  words: ['item', 'confirm'],
  text: 'reason',
  isTextMeant: true,
  options: z.strictObject({ item: wantedId.optional(), confirm, reason: line(300) }),
  refusedAnyway: (services, context, named) => services.whyNotClose(context, named),
  run: (services, context, args, id) => services.closeItem(context, args, id),
})
