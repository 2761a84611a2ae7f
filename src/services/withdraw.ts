import {
  type ItemManagement,
  refuse,
  whyNotItemManager,
  requireItemManager,
  byAuthority,
} from './require-item-manager.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import type { CommandResult, CommandContext, FinalArgs, IdsInLine, ServiceDeps } from './context.ts'
import { WHO_MANAGES } from '../replies/items.ts'
import { withdrawing } from '../replies/withdraw.ts'
import { record, type Decision } from './record.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { revisitAll } from './revisit-waiting.ts'

/** Takes an open item off the board, for good. Without `confirm` the author is asked to confirm. */
export async function withdrawItem(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named, confirm: isConfirmed, reason }: FinalArgs,
  id: string,
): Promise<CommandResult> {
  const manager = await requireItemManager(deps, context, id, {
    ...MANAGEMENT,
    named,
    question: isConfirmed ? undefined : (item) => whetherMeant(item, reason),
  })
  if ('refused' in manager) return manager.refused
  const { item } = manager
  const answer = await record(deps, context, id, withdrawing.done(item), async (db): Promise<Decision> => {
    const now = await findWanted(db, item.id)
    if (now?.status !== 'open') return { refuse: withdrawing.notOpen(now ?? item) }
    await moveWanted(db, 'delete', item.id, { at: context.at })
    return {
      subject: `wl delete: ${item.id}`,
      trailers: { ...byAuthority(manager), ...(reason === undefined ? {} : { Reason: reason }) },
      verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'withdrawn',
    }
  })
  if (answer.ok) await revisitAll(deps, item.id)
  return answer
}

/**
 * The reason why the author of the command cannot withdraw this item, whatever the options; undefined where they might.
 */
export function whyNotWithdraw(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'open' ? undefined : withdrawing.notOpen(item),
  )
}

const MANAGEMENT: ItemManagement = {
  example: withdrawing.example,
  whose: (item) => item.postedBy,
  who: WHO_MANAGES.poster,
}

function whetherMeant(item: WantedDetails, reason: string | undefined): CommandResult {
  return refuse(item.status === 'open' ? withdrawing.whetherMeant(item, reason) : withdrawing.notOpen(item))
}
