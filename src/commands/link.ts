import { z } from 'zod'
import { command } from './command.ts'
import { handle } from './parser/options.ts'
export const link = command({
  name: 'link',
  group: 'you',
  usage: '/wl link <handle>',
  summary: 'says that another rig is yours; it has to say so too',
  who: 'the person, for their own rig',
  examples: ['/wl link octocat'],
  on: 'both',
  words: ['handle'],
  options: z.strictObject({ handle }),
  run: (services, context, args, id) => services.linkRigs(context, args, id),
})
