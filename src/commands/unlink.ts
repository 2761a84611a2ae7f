import { z } from 'zod'
import { command } from './command.ts'
import { handle } from './parser/options.ts'
export const unlink = command({
  name: 'unlink',
  group: 'you',
  usage: '/wl unlink <handle>',
  summary: 'takes back that another rig is yours too',
  who: 'the person, for their own rig',
  examples: ['/wl unlink octocat'],
  on: 'both',
  words: ['handle'],
  options: z.strictObject({ handle }),
  run: (services, context, args, id) => services.unlinkRigs(context, args, id),
})
