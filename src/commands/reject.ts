import { z } from 'zod'
import { command } from './command.ts'
import { neededLine, workId } from './parser/options.ts'
export const reject = command({
  name: 'reject',
  group: 'judge',
  usage: '/wl reject [w-… or c-…] reason="…"',
  summary: 'sends submitted work back to who did it, with a reason',
  who: 'who may stamp the work: GitHub admin or maintain of the repository, or trust level 3; one’s own work too',
  examples: ['/wl reject reason="The tests do not run"'],
  on: 'both',
  words: ['item'],
  text: 'reason',
  options: z.strictObject({ item: workId.optional(), reason: neededLine(200) }),
  refusedAnyway: (services, context) => services.whyNotReject(context),
  run: (services, context, args, id) => services.rejectWork(context, args, id),
})
