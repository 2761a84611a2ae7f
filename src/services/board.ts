import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { isBounty } from '../domain/bounty.ts'
import { entriesOf } from '../ledger/tables/bounties.ts'
import { openItems } from '../ledger/tables/wanted-details.ts'
import { board as boardText } from '../replies/board.ts'
import { whyLeftAlone } from './left-alone.ts'

/** The newest open items, all or of a tag. */
export async function listBoard(
  deps: ServiceDeps,
  context: CommandContext,
  args: { tag?: string | undefined },
): Promise<CommandResult> {
  const { items, total } = await deps.ledger.read((db) => openItems(db, args.tag, SHOWN))
  const text = boardText(items, total, args.tag, await runningFor(deps, items))
  const alone = await whyLeftAlone(deps, context)
  return { ok: true, text: alone === undefined ? text : `${text}\n\n${alone}` }
}

const SHOWN = 10

/** How many compete for each open bounty among these. */
async function runningFor({ ledger }: ServiceDeps, items: readonly WantedDetails[]): Promise<Map<string, number>> {
  const bounties = items.filter(isBounty)
  return ledger.read(async (db) => {
    const counted = await Promise.all(bounties.map(async ({ id }) => [id, (await entriesOf(db, id)).length] as const))
    return new Map(counted)
  })
}
