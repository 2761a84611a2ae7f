import { z } from 'zod'
import { command } from './command.ts'
import { neededLine, wantedId } from './parser/options.ts'
export const done = command({
  name: 'done',
  group: 'work',
  usage: '/wl done [w-…] evidence=<link, commit SHA or "text">',
  summary: 'submits work that is no pull request',
  who: 'who holds the claim',
  examples: [
    '/wl done evidence=https://example.org/report.html',
    '/wl done evidence="Asked twelve users, notes in #42"',
  ],
  on: 'both',
  isForOneself: true,
  words: ['item'],
  text: 'evidence',
  options: z.strictObject({
    item: wantedId.optional(),
    evidence: neededLine(1000, 'expected a link, a commit SHA or a text in quotes'),
  }),
  refusedAnyway: (services, context, named) => services.whyNotSubmit(context, named),
  run: (services, context, args, id) => services.submitWork(context, args, id),
})
