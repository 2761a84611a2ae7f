import { z } from 'zod'
import { command } from './command.ts'
import { person } from './parser/options.ts'
export const own = command({
  name: 'own',
  group: 'you',
  usage: '/wl own @agent [by=@login]',
  summary: 'asks to be an agent’s human, or agrees that somebody is',
  who: 'a person, for themself; to agree: who may stamp in every repository that the agent works in, and is not that person',
  examples: ['/wl own @copilot', '/wl own @copilot by=@octocat'],
  on: 'both',
  words: ['agent'],
  options: z.strictObject({ agent: person, by: person.optional() }),
  run: (services, context, args, id) => services.ownAgent(context, args, id),
})
