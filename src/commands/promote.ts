import { z } from 'zod'
import { quote } from '../replies/markdown.ts'
import { command } from './command.ts'
import { neededLine, oneOf, person } from './options.ts'
import { changeTrust, lacksTrust } from './trust.ts'

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
  refusedAnyway: lacksTrust,
  async run(deps, context, { person, level, reason }, id) {
    return changeTrust(deps, context, id, {
      person,
      level,
      reason,
      subject: (handle) => `Promote rig: ${handle} to trust ${level}`,
      said: (handle) => `${quote(handle)} has trust level ${level} from now on. ${MEANING[level] ?? ''}`.trim(),
    })
  },
})

const MEANING: Readonly<Record<number, string>> = {
  2: 'That raises the caps on open claims and posts.',
  3: 'They may stamp in every admitted repository, and change trust.',
}
