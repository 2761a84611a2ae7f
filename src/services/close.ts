import { type ItemManagement, refuse, shown, whyNotItemManager, requireItemManager } from './require-item-manager.ts'
import type { WantedDetails, Wanted } from '../domain/wanted.ts'
import type { CommandResult, CommandContext, IdsInLine, ServiceDeps } from './context.ts'
import { askToConfirm, confirmedLine, type FinalArgs } from './confirmed-line.ts'
import { quote } from '../replies/markdown.ts'
import { record, type Decision } from './record.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { revisitAll } from './revisit-waiting.ts'

/** Completes submitted work without a stamp, for good; asks first. */
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
  const said = `Closed ${shown(item)} without a stamp: it is completed, gives no reputation and is shown as unvalidated.`
  const answer = await record(deps, context, id, said, async (db): Promise<Decision> => {
    const now = await findWanted(db, item.id)
    if (now?.status !== 'in_review') return { refuse: notInReview(now ?? item) }
    // No holder is asked for: a row of `wl` may have none.
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

/** Why who acts does not close this item; undefined where they might. */
export function whyNotClose(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'in_review' ? undefined : notInReview(item),
  )
}

const MANAGEMENT: ItemManagement = {
  example: '/wl close w-0123456789',
  whose: (item) => item.postedBy,
  who: 'the poster of the item',
  ownOnly: true,
  otherwise: (item) => notYours(item),
}

function whetherMeant(item: WantedDetails, reason: string | undefined): CommandResult {
  if (item.status !== 'in_review') return refuse(notInReview(item))
  return askToConfirm(
    `${shown(item)} would be completed without a stamp: it gives no reputation and is shown as unvalidated. That is final: it can be neither undone nor stamped afterwards.`,
    confirmedLine('close', { item: item.id, reason }),
    [
      'For the work to count, somebody who may stamp says `/wl stamp quality=4`; `/wl reject reason="…"` sends it back to who did it.',
    ],
  )
}

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
