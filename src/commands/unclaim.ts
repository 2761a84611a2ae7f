import { z } from 'zod'
import { command } from './command.ts'
import { wantedId } from './parser/options.ts'
export const unclaim = command({
  name: 'unclaim',
  group: 'work',
  usage: '/wl unclaim [w-…]',
  summary: 'releases a claim: the item is open again',
  who: 'the claimant; GitHub admin or maintain where it was posted; trust level 3',
  examples: ['/wl unclaim', '/wl unclaim w-0123456789'],
  on: 'both',
  words: ['item'],
  options: z.strictObject({ item: wantedId.optional() }),
  refusedAnyway: (services, context, named) => services.whyNotUnclaim(context, named),
  run: (services, context, args, id) => services.unclaimItem(context, args, id),
})
