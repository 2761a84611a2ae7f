import { z } from 'zod'
import { command } from './command.ts'
import { tag } from './parser/options.ts'
export const board = command({
  name: 'board',
  group: 'look',
  usage: '/wl board [tag=typescript]',
  summary: 'lists the newest open items',
  who: 'anyone',
  examples: ['/wl board', '/wl board tag=typescript'],
  on: 'both',
  words: [],
  loose: 'tag',
  options: z.strictObject({ tag: tag.optional() }),
  run: (services, context, args) => services.listBoard(context, args),
})
