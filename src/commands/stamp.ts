import { z } from 'zod'
import { FILLED_IN } from '../domain/scale.ts'
import { fullValence } from '../domain/stamp.ts'
import { command } from './command.ts'
import { judgement, line, person, workId } from './parser/options.ts'
const Options = z.strictObject({
  person: person.optional(),
  item: workId.optional(),
  ...judgement,
  message: line(500),
  override: line(200),
})

export const stamp = command({
  name: 'stamp',
  aliases: ['accept'],
  group: 'judge',
  usage:
    '/wl stamp [@login] [w-… or c-…] quality=1..5 [reliability=1..5] [creativity=1..5] [confidence=0..1] [severity=leaf|branch|root] [skills=a,b] [message="…"] [override="reason"]',
  summary: 'stamps the work and completes the item',
  who: 'GitHub admin or maintain of the repository, or a rig of trust level 3; never for one’s own work',
  examples: [
    '/wl stamp quality=4',
    '/wl stamp quality=5 creativity=4 skills=typescript message="Clean and well tested"',
    '/wl stamp @octocat quality=4',
  ],
  note: `${FILLED_IN} What each means: \`/wl help quality\`, and so with the others. A number alone, \`/wl stamp 4\`, is the quality.`,
  on: 'both',
  words: ['person', 'item'],
  text: 'message',
  number: 'quality',
  options: Options.refine((given) => fullValence(given) !== undefined, {
    path: ['quality'],
    message: 'expected a whole number from 1 to 5 (`/wl help quality` says what they mean)',
  }),
  refusedAnyway: (services, context) => services.whyNotStamp(context),
  run: (services, context, args, id) => services.giveStamp(context, args, id),
})
