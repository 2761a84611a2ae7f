import { z } from 'zod'
import { SUSPENDED } from '../authorization/trust.ts'
import { quote } from '../replies/markdown.ts'
import { command } from './command.ts'
import { neededLine, person } from './options.ts'
import { changeTrust, lacksTrust } from './trust.ts'

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
  refusedAnyway: lacksTrust,
  async run(deps, context, { person, reason }, id) {
    return changeTrust(deps, context, id, {
      person,
      reason,
      level: SUSPENDED,
      subject: (handle) => `Suspend rig: ${handle}`,
      said: (handle) =>
        `${quote(handle)} is suspended: no stamp, post or new claim of theirs is taken from now on. Stamps they gave or ` +
        'got stay, and so does what they hold: it can still be submitted and stamped. ' +
        `To lift it: ${quote(`/wl promote @${person} level=1 reason="…"`)}.`,
    })
  },
})
