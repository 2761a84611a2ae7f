import { z } from 'zod'
import { command } from './command.ts'
import { person } from './parser/options.ts'
export const disown = command({
  name: 'disown',
  group: 'you',
  usage: '/wl disown @agent',
  summary: 'takes back being an agent’s human, or having asked to',
  who: 'the agent’s human, or who may stamp in every repository that it works in',
  examples: ['/wl disown @copilot'],
  on: 'both',
  words: ['agent'],
  options: z.strictObject({ agent: person }),
  refusedAnyway: (services, context, named) => services.whyNotDisown(context, named),
  run: (services, context, args, id) => services.disownAgent(context, args, id),
})
