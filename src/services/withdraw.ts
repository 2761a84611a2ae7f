import {
  type ItemManagement,
  refuse,
  onlyOpen,
  shown,
  whyNotItemManager,
  requireItemManager,
  byAuthority,
} from './require-item-manager.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import type { CommandResult, CommandContext, IdsInLine, ServiceDeps } from './context.ts'
import { askToConfirm, confirmedLine, type FinalArgs } from './confirmed-line.ts'
import { record, type Decision } from './record.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { revisitAll } from './revisit-waiting.ts'

/** Takes an open item off the board, for good; asks first. */
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
  const said = `Withdrawn: ${shown(item)} is off the board for good. To offer the work again, post a new issue.`
  const answer = await record(deps, context, id, said, async (db): Promise<Decision> => {
    const now = await findWanted(db, item.id)
    if (now?.status !== 'open') return { refuse: onlyOpen('withdrawn', now ?? item, NEXT) }
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

/** Why who acts does not withdraw this item; undefined where they might. */
export function whyNotWithdraw(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'open' ? undefined : onlyOpen('withdrawn', item, NEXT),
  )
}

const MANAGEMENT: ItemManagement = {
  example: '/wl withdraw w-0123456789',
  whose: (item) => item.postedBy,
  who: 'the poster of the item, a maintainer of the repository where it was posted, or a rig of trust level 3',
}

function whetherMeant(item: WantedDetails, reason: string | undefined): CommandResult {
  if (item.status !== 'open') return refuse(onlyOpen('withdrawn', item, NEXT))
  return askToConfirm(
    `${shown(item)} would be off the board for good: neither it nor its issue comes back, and to offer the work again a new issue is posted.`,
    confirmedLine('withdraw', { item: item.id, reason }),
    ['To change what it asks for instead: `/wl update`.'],
  )
}

const NEXT = {
  claimed: 'Let the claim go first: `/wl unclaim`; a pull request that holds it is closed, or names it no longer.',
  in_review: 'Its work is judged first: `/wl stamp`, `/wl reject` or `/wl close`.',
}
