import { z } from 'zod'
import { command } from './command.ts'
export const status = command({
  name: 'status',
  group: 'look',
  usage: '/wl status',
  summary: 'says where this item stands and what comes next',
  who: 'anyone',
  examples: ['/wl status'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  run: (services, context) => services.itemStatus(context),
})
