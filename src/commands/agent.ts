import { z } from 'zod'
import { command } from './command.ts'
import { oneOf, person } from './parser/options.ts'

export const agent = command({
  name: 'agent',
  group: 'you',
  usage: '/wl agent [@login] [no]',
  summary: 'says that an account is an agent, or with no a person',
  who: 'the account itself; or a rig of trust level 3, for an account that the settings here propose',
  examples: ['/wl agent', '/wl agent @clawd'],
  on: 'both',
  words: ['person', 'no'],
  options: z.strictObject({ person: person.optional(), no: oneOf(['no']).optional() }),
  run: (services, context, args, id) => services.declareRigType(context, args, id),
})
