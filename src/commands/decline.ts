import { z } from 'zod'
import { command } from './command.ts'
import { confirm } from './parser/options.ts'
export const decline = command({
  name: 'decline',
  group: 'you',
  usage: '/wl decline confirm',
  summary: 'takes you out: open claims go, nothing new is recorded',
  who: 'the person, for themself',
  note:
    'Without `confirm` it says what would happen. `/wl join` takes it back, but claims and work that were released stay so. ' +
    'What was imported of you stays too: `/wl forget` removes that.',
  examples: ['/wl decline', '/wl decline confirm'],
  on: 'both',
  isForOneself: true,
  words: ['confirm'],
  options: z.strictObject({ confirm }),
  run: (services, context, args, id) => services.declinePart(context, args, id),
})
