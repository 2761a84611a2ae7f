import { z } from 'zod'
import { command } from './command.ts'
import { neededLine, person } from './parser/options.ts'

export const suspend = command({
  name: 'suspend',
  group: 'trust',
  usage: '/wl suspend @login reason="…"',
  summary: 'ends somebody’s stamps and new work; earlier ones stay',
  who: 'a rig of trust level 3; not for oneself, nobody above one’s own level, one other of level 3 a day',
  examples: ['/wl suspend @octocat reason="Stamps for a friend’s empty work"'],
  on: 'both',
  words: ['person'],
  text: 'reason',
  options: z.strictObject({ person, reason: neededLine(300) }),
  refusedAnyway: (services, context) => services.lacksTrust(context),
  run: (services, context, args, id) => services.suspendRig(context, args, id),
})
