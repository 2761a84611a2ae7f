import { z } from 'zod'
import { findWanted, moveWanted } from '../ledger/wanted.ts'
import { command } from './command.ts'
import { byAuthority, enterAsSteward, onlyOpen, shown } from './item.ts'
import { line, wantedId } from './options.ts'
import { type Decision, record } from './record.ts'
import { revisitAll } from './waiting.ts'

export const withdraw = command({
  name: 'withdraw',
  group: 'offer',
  usage: '/wl withdraw [w-…] [reason="…"]',
  summary: 'takes an open item off the board',
  who: 'its poster; GitHub admin or maintain where it was posted; trust level 3',
  examples: ['/wl withdraw reason="Done elsewhere"'],
  on: 'both',
  words: ['item'],
  text: 'reason',
  options: z.strictObject({ item: wantedId.optional(), reason: line(300) }),
  async run(rooms, situation, { item: named, reason }, id) {
    const steward = await enterAsSteward(rooms, situation, id, {
      named,
      example: '/wl withdraw w-0123456789',
      whose: (item) => item.postedBy,
      who: 'the poster of the item, a maintainer of the repository where it was posted, or a rig of trust level 3',
    })
    if ('refused' in steward) return steward.refused
    const { item } = steward
    const said = `Withdrawn: ${shown(item)} is off the board for good. To offer the work again, post a new issue.`
    const answer = await record(rooms, situation, id, said, async (db): Promise<Decision> => {
      const now = await findWanted(db, item.id)
      if (now?.status !== 'open') return { refuse: onlyOpen('withdrawn', now ?? item, NEXT) }
      await moveWanted(db, 'delete', item.id, { at: situation.at })
      return {
        subject: `wl delete: ${item.id}`,
        trailers: { ...byAuthority(steward), ...(reason === undefined ? {} : { Reason: reason }) },
        stands: async (after) => (await findWanted(after, item.id))?.status === 'withdrawn',
      }
    })
    if (answer.ok) await revisitAll(rooms, item.id)
    return answer
  },
})

const NEXT = {
  claimed: 'Let the claim go first: `/wl unclaim`; a pull request that holds it is closed, or names it no longer.',
  in_review: 'Its work is judged first: `/wl stamp`, `/wl reject` or `/wl close`.',
}
