import { z } from 'zod'
import type { Wanted } from '../domain/wanted.ts'
import { findWanted, moveWanted } from '../ledger/wanted.ts'
import { quote } from '../replies/markdown.ts'
import { command } from './command.ts'
import { enterAsSteward, shown } from './item.ts'
import { line, wantedId } from './options.ts'
import { type Decision, record } from './record.ts'
import { revisitAll } from './waiting.ts'

export const close = command({
  name: 'close',
  group: 'judge',
  usage: '/wl close [w-…] [reason="…"]',
  summary: 'completes submitted work without a stamp',
  who: 'the poster of the item',
  examples: ['/wl close reason="Nobody else here to stamp it"'],
  on: 'both',
  words: ['item'],
  text: 'reason',
  options: z.strictObject({ item: wantedId.optional(), reason: line(300) }),
  async run(rooms, situation, { item: named, reason }, id) {
    const steward = await enterAsSteward(rooms, situation, id, {
      named,
      example: '/wl close w-0123456789',
      whose: (item) => item.postedBy,
      who: 'the poster of the item',
      ownOnly: true,
      otherwise: notYours,
    })
    if ('refused' in steward) return steward.refused
    const { item } = steward
    const said = `Closed ${shown(item)} without a stamp: it is completed, gives no reputation and is shown as unvalidated.`
    const answer = await record(rooms, situation, id, said, async (db): Promise<Decision> => {
      const now = await findWanted(db, item.id)
      if (now?.status !== 'in_review') return { refuse: notInReview(now ?? item) }
      // No holder is asked for: a row of `wl` may have none.
      await moveWanted(db, 'close', item.id, { at: situation.at })
      return {
        subject: `wl close: ${item.id}`,
        ...(reason === undefined ? {} : { trailers: { Reason: reason } }),
        stands: async (after) => (await findWanted(after, item.id))?.status === 'completed',
      }
    })
    if (answer.ok) await revisitAll(rooms, item.id)
    return answer
  },
})

function notYours({ postedBy }: Wanted): string {
  const poster =
    postedBy === null
      ? 'Nobody may close this item, for it has no poster.'
      : `Only the poster of the item, ${quote(postedBy)}, may close it.`
  return `${poster} Who may stamp judges the work instead: \`/wl stamp quality=4\` or \`/wl reject reason="…"\`.`
}

function notInReview({ id, status }: Wanted): string {
  const next: Partial<Record<string, string>> = {
    open: 'nobody has worked on it. To take it off the board: `/wl withdraw`.',
    claimed: 'its work is not submitted yet. Its holder submits it, or `/wl unclaim` lets it go.',
    completed: 'it is completed already.',
    withdrawn: 'it is off the board already.',
  }
  return `Only work in review can be closed, and ${quote(id)} is ${status.replace('_', ' ')}: ${next[status] ?? 'look at its state.'}`
}
