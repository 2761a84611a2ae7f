import { type ItemManagement, refuse, whyNotItemManager, requireItemManager } from './require-item-manager.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import type { CommandResult, CommandContext, FinalArgs, IdsInLine, ServiceDeps } from './context.ts'
import { closing } from '../replies/close.ts'
import { WHO_MANAGES } from '../replies/items.ts'
import { record, type Decision } from './record.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { revisitAll } from './revisit-waiting.ts'

/** Completes submitted work without a stamp, for good. Without `confirm` the author is asked to confirm. */
export async function closeItem(
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
  const answer = await record(deps, context, id, closing.done(item), async (db): Promise<Decision> => {
    const now = await findWanted(db, item.id)
    if (now?.status !== 'in_review') return { refuse: closing.notInReview(now ?? item) }
    // No condition on the holder: a row that `wl` wrote may have none.
    await moveWanted(db, 'close', item.id, { at: context.at })
    return {
      subject: `wl close: ${item.id}`,
      ...(reason === undefined ? {} : { trailers: { Reason: reason } }),
      verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'completed',
    }
  })
  if (answer.ok) await revisitAll(deps, item.id)
  return answer
}

/**
 * The reason why the author of the command cannot close this item, whatever the options; undefined where they might.
 */
export function whyNotClose(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'in_review' ? undefined : closing.notInReview(item),
  )
}

const MANAGEMENT: ItemManagement = {
  example: closing.example,
  whose: (item) => item.postedBy,
  who: WHO_MANAGES.posterAlone,
  ownOnly: true,
  otherwise: (item) => closing.notYours(item),
}

function whetherMeant(item: WantedDetails, reason: string | undefined): CommandResult {
  return refuse(item.status === 'in_review' ? closing.whetherMeant(item, reason) : closing.notInReview(item))
}
