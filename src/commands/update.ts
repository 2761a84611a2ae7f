import { z } from 'zod'
import { EFFORTS, OPEN_BOUNTY, WANTED_TYPES, type WantedDetails } from '../domain/wanted.ts'
import { describeWanted, updateWanted, type WantedChange } from '../ledger/wanted.ts'
import { quote } from '../replies/markdown.ts'
import { command } from './command.ts'
import { byAuthority, enterAsSteward, onlyOpen, shown } from './item.ts'
import { line, oneOf, priority, skills, wantedId } from './options.ts'
import { type Decision, record } from './record.ts'
import { revisitAll } from './waiting.ts'

const Options = z.strictObject({
  item: wantedId.optional(),
  title: line(200),
  type: oneOf(WANTED_TYPES).optional(),
  effort: oneOf(EFFORTS).optional(),
  priority: priority.optional(),
  tags: skills.optional(),
})
const CHANGES = ['title', 'type', 'effort', 'priority', 'tags'] as const

export const update = command({
  name: 'update',
  group: 'offer',
  usage: '/wl update [w-…] [title="…"] [type=] [effort=] [priority=0..4] [tags=a,b]',
  summary: 'changes an item that is still open',
  who: 'its poster; GitHub admin or maintain where it was posted; trust level 3',
  examples: ['/wl update effort=large', '/wl update w-0123456789 title="Count the loops" tags=typescript'],
  on: 'both',
  words: ['item'],
  options: Options.refine((given) => CHANGES.some((key) => given[key] !== undefined), {
    message: 'say what to change: `title`, `type`, `effort`, `priority` or `tags`',
  }),
  async run(rooms, situation, { item: named, ...given }, id) {
    const steward = await enterAsSteward(rooms, situation, id, {
      named,
      example: '/wl update w-0123456789 effort=large',
      whose: (item) => item.postedBy,
      who: 'the poster of the item, a maintainer of the repository where it was posted, or a rig of trust level 3',
    })
    if ('refused' in steward) return steward.refused
    const { item } = steward
    const answer = await record(rooms, situation, id, `Updated ${quote(item.id)}.`, async (db): Promise<Decision> => {
      const now = await describeWanted(db, item.id)
      if (now?.status !== 'open') return { refuse: onlyOpen('updated', now ?? item, NEXT) }
      const change = withBounty(given, now)
      if (!changes(now, change)) return { already: `${shown(now)} is so already: nothing to change.` }
      await updateWanted(db, item.id, change, situation.at)
      return { subject: `wl update: ${item.id}`, trailers: byAuthority(steward) }
    })
    // Of an open bounty there is no waiting in line.
    if (answer.ok && given.tags !== undefined) await revisitAll(rooms, item.id)
    return answer
  },
})

/** New tags replace the old, but an open bounty stays one: it was promised. */
function withBounty(given: WantedChange, { tags }: WantedDetails): WantedChange {
  if (given.tags === undefined || !tags.includes(OPEN_BOUNTY) || given.tags.includes(OPEN_BOUNTY)) return given
  return { ...given, tags: [OPEN_BOUNTY, ...given.tags] }
}

function changes(now: WantedDetails, change: WantedChange): boolean {
  return CHANGES.some((key) => change[key] !== undefined && JSON.stringify(change[key]) !== JSON.stringify(now[key]))
}

const NEXT = {
  claimed: 'Who works on it relies on what it says; after `/wl unclaim` it can be changed.',
  in_review: 'Its work is judged by what it says: `/wl stamp`, `/wl reject` or `/wl close`.',
}
