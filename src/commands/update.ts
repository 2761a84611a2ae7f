import { z } from 'zod'
import { EFFORTS, WANTED_TYPES } from '../domain/wanted.ts'
import { command } from './command.ts'
import { line, oneOf, priority, skills, wantedId } from './parser/options.ts'
import { CHANGES } from '../services/update.ts'

const Options = z.strictObject({
  item: wantedId.optional(),
  title: line(200),
  type: oneOf(WANTED_TYPES).optional(),
  effort: oneOf(EFFORTS).optional(),
  priority: priority.optional(),
  tags: skills.optional(),
  judged: oneOf(['anywhere', 'here']).optional(),
})
export const update = command({
  name: 'update',
  group: 'offer',
  usage: '/wl update [w-…] [title="…"] [type=] [effort=] [priority=0..4] [tags=a,b] [judged=anywhere|here]',
  summary: 'changes an item that is still open',
  who: 'its poster; GitHub admin or maintain where it was posted; trust level 3',
  examples: ['/wl update effort=large', '/wl update w-0123456789 title="Count the loops" tags=typescript'],
  on: 'both',
  words: ['item'],
  text: 'title',
  isTextMeant: true,
  options: Options.refine((given) => [...CHANGES, 'judged' as const].some((key) => given[key] !== undefined), {
    message: 'say what to change: `title`, `type`, `effort`, `priority`, `tags` or `judged`',
  }),
  // The right to judge the item can be changed until its end.
  refusedAnyway: (services, context, named) => services.whyNotUpdate(context, named),
  run: (services, context, args, id) => services.updateItem(context, args, id),
})
