import { z } from 'zod'
import { command } from './command.ts'
import { wantedId } from './parser/options.ts'
export const claim = command({
  name: 'claim',
  group: 'work',
  usage: '/wl claim [w-…]',
  summary: 'reserves an open item for you for a while',
  who: 'anyone, as many at once as their trust level allows',
  examples: ['/wl claim', '/wl claim w-0123456789'],
  on: 'both',
  isForOneself: true,
  words: ['item'],
  options: z.strictObject({ item: wantedId.optional() }),
  refusedAnyway: (services, context, named) => services.whyNotClaim(context, named),
  run: (services, context, args, id) => services.claimItem(context, args, id),
})
