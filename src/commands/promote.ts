import { z } from 'zod'
import { command } from './command.ts'
import { neededLine, oneOf, person } from './parser/options.ts'

export const promote = command({
  name: 'promote',
  group: 'trust',
  usage: '/wl promote @login level=1|2|3 reason="…"',
  summary: 'sets a trust level; lets a suspended rig in again',
  who: 'a rig of trust level 3; not for oneself, none above one’s own level, one other of level 3 lowered a day',
  examples: ['/wl promote @octocat level=2 reason="Ten good stamps"'],
  on: 'both',
  words: ['person'],
  text: 'reason',
  number: 'level',
  options: z.strictObject({
    person,
    level: oneOf(['1', '2', '3']).transform(Number),
    reason: neededLine(300),
  }),
  refusedAnyway: (services, context) => services.lacksTrust(context),
  run: (services, context, args, id) => services.promoteRig(context, args, id),
})
