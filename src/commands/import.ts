import { z } from 'zod'
import { command } from './command.ts'

export const importProfile = command({
  name: 'import',
  group: 'you',
  usage: '/wl import',
  summary: 'makes a character sheet of your GitHub profile',
  who: 'the person, for themself',
  examples: ['/wl import'],
  on: 'both',
  isForOneself: true,
  words: [],
  options: z.strictObject({}),
  run: (services, context, _args, id) => services.requestImport(context, id),
})
