import { z } from 'zod'
import { command } from './command.ts'
export const join = command({
  name: 'join',
  group: 'you',
  usage: '/wl join',
  summary: 'takes `/wl decline` and `/wl forget` back',
  who: 'the person, for themself; once a day',
  note: 'Nobody needs it to begin: a rig is registered with the first thing that you do here.',
  examples: ['/wl join'],
  on: 'both',
  isForOneself: true,
  words: [],
  options: z.strictObject({}),
  run: (services, context) => services.joinAgain(context),
})
