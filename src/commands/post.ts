import { z } from 'zod'
import { EFFORTS, WANTED_TYPES } from '../domain/wanted.ts'
import { command } from './command.ts'
import { line, oneOf, priority, skills, wantedId } from './parser/options.ts'
export const post = command({
  name: 'post',
  group: 'offer',
  usage: '/wl post [bounty] [title="…"] [type=] [effort=] [priority=0..4] [tags=a,b] [parent=w-…] [judged=anywhere]',
  summary: 'puts this issue on the board as a wanted item',
  who: 'the author of the issue, or anyone with write access',
  examples: ['/wl post effort=small tags=typescript,docs', '/wl post bounty type=bug parent=w-0123456789'],
  on: 'issue',
  words: ['bounty'],
  text: 'title',
  isTextMeant: true,
  options: z.strictObject({
    bounty: oneOf(['bounty']).optional(),
    title: line(200),
    type: oneOf(WANTED_TYPES).optional(),
    effort: oneOf(EFFORTS).optional(),
    priority: priority.optional(),
    tags: skills.optional(),
    parent: wantedId.optional(),
    judged: oneOf(['anywhere', 'here']).optional(),
  }),
  refusedAnyway: (services, context) => services.whyNotPost(context),
  run: (services, context, args, id) => services.postIssue(context, args, id),
})
