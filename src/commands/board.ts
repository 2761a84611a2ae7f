import { z } from 'zod'
import { isBounty } from '../domain/bounty.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { entriesOf } from '../ledger/bounties.ts'
import { board as boardText } from '../replies/board.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { command, type CommandDeps } from './command.ts'
import { tag } from './options.ts'
import { openItems } from '../ledger/wanted-details.ts'

const SHOWN = 10

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
  async run(deps, { place, repository }, args) {
    const { items, total } = await deps.ledger.read((db) => openItems(db, args.tag, SHOWN))
    const text = boardText(items, total, args.tag, await runningFor(deps, items))
    const answer = await deps.checkAdmission(place.client, place.name, repository)
    return {
      ok: true,
      text: 'refused' in answer ? `${text}\n\n${leftAlone(answer.refused, repository.fullName)}` : text,
    }
  },
})

/** How many compete for each open bounty among these. */
async function runningFor({ ledger }: CommandDeps, items: readonly WantedDetails[]): Promise<Map<string, number>> {
  const bounties = items.filter(isBounty)
  return ledger.read(async (db) => {
    const counted = await Promise.all(bounties.map(async ({ id }) => [id, (await entriesOf(db, id)).length] as const))
    return new Map(counted)
  })
}
