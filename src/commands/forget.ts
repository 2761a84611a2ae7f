import { z } from 'zod'
import { command } from './command.ts'
import { confirm } from './parser/options.ts'
export const forget = command({
  name: 'forget',
  group: 'you',
  usage: '/wl forget confirm',
  summary: 'removes your imported profile; you go on taking part',
  who: 'the person, for themself',
  note:
    'Without `confirm` it says what would happen. Nobody can import you then, until you say `/wl join`. ' +
    'To take no further part is another choice: `/wl decline`.',
  examples: ['/wl forget', '/wl forget confirm'],
  on: 'both',
  isForOneself: true,
  words: ['confirm'],
  options: z.strictObject({ confirm }),
  run: (services, context, args) => services.eraseProfile(context, args),
})
