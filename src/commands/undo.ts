import { z } from 'zod'
import { command } from './command.ts'
import { line, stampId } from './parser/options.ts'
export const undo = command({
  name: 'undo',
  group: 'judge',
  usage: '/wl undo [s-…] [reason="…"]',
  summary: 'takes your own stamp back, within a day',
  who: 'the author of the stamp, within a day and while it is the last one that the contributor got',
  examples: ['/wl undo', '/wl undo s-0123456789abcdef reason="Wrong number"'],
  on: 'both',
  words: ['stamp'],
  text: 'reason',
  options: z.strictObject({ stamp: stampId.optional(), reason: line(300) }),
  refusedAnyway: (services, context, named) => services.whyNotUndo(context, named),
  run: (services, context, args, id) => services.undoStamp(context, args, id),
})
