import { z } from 'zod'
import { command } from './command.ts'
import { judgement, neededLine, stampId } from './parser/options.ts'
import { DIMENSIONS } from '../domain/stamp.ts'

const Options = z.strictObject({
  stamp: stampId.optional(),
  ...judgement,
  reason: neededLine(300),
})

const CHANGING = [...DIMENSIONS, 'confidence', 'severity', 'skills'] as const

export const correct = command({
  name: 'correct',
  group: 'judge',
  usage:
    '/wl correct [s-…] quality=1..5 reason="…" [reliability=1..5] [creativity=1..5] [confidence=0..1] [severity=leaf|branch|root] [skills=a,b]',
  summary: 'corrects your own stamp, once; what you leave out stays',
  note: 'A reliability that you never gave is filled in from quality, as in `/wl stamp`, and so it changes with it.',
  who: 'the author of the stamp, who must still be allowed to stamp the work',
  examples: ['/wl correct quality=3 reason="A test was missing"'],
  on: 'both',
  words: ['stamp'],
  text: 'reason',
  number: 'quality',
  options: Options.refine((given) => CHANGING.some((name) => given[name] !== undefined), {
    path: ['quality'],
    message: 'expected a whole number from 1 to 5',
  }),
  refusedAnyway: (services, context, named) => services.whyNotCorrect(context, named),
  run: (services, context, args, id) => services.correctStamp(context, args, id),
})
