import { type ItemManagement, whyNotItemManager, requireItemManager, byAuthority } from './require-item-manager.ts'
import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import { readEntityUri } from '../domain/rig.ts'
import { unclaiming } from '../replies/claims.ts'
import { WHO_MANAGES } from '../replies/items.ts'
import { record, type Decision } from './record.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { dropClaim } from '../operations/tables/claims.ts'
import { passOn } from './revisit-waiting.ts'

/** Releases a claim: the item is open again, and the pull request that waited longest gets it. */
export async function unclaimItem(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: { item?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const manager = await requireItemManager(deps, context, id, { ...MANAGEMENT, named })
  if ('refused' in manager) return manager.refused
  const { item } = manager
  const claimant = await deps.ledger.read((db) => accountOf(deps, db, item.claimedBy))
  let released = false
  const answer = await record(deps, context, id, unclaiming.done(item), async (db): Promise<Decision> => {
    const now = await findWanted(db, item.id)
    if (now?.status !== 'claimed' || now.claimedBy === null || now.claimedBy !== item.claimedBy)
      return { refuse: unclaiming.notClaimed(now ?? item) }
    const pull = (await contendersFor(deps.store, item.id)).find((one) => one.author_id === claimant)
    if (pull !== undefined)
      return { refuse: unclaiming.heldByPullRequest(item.id, `${pull.owner}/${pull.repo}#${pull.number}`) }
    await moveWanted(db, 'unclaim', item.id, { holder: now.claimedBy, claimedBy: null, at: context.at })
    released = true
    return {
      subject: `wl unclaim: ${item.id}`,
      trailers: byAuthority(manager),
      verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'open',
    }
  })
  if (!answer.ok) return answer
  if (released) await dropClaim(deps.store, item.id)
  await passOn(deps, item.id, claimant)
  return answer
}

/**
 * The reason why the author of the command cannot release this claim, whatever the options; undefined where they might.
 */
export function whyNotUnclaim(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'claimed' ? undefined : unclaiming.notClaimed(item),
  )
}

const MANAGEMENT: ItemManagement = {
  example: unclaiming.example,
  whose: (item) => (item.status === 'claimed' ? item.claimedBy : null),
  who: WHO_MANAGES.claimant,
  otherwise: (item) => (item.status === 'claimed' ? undefined : unclaiming.notClaimed(item)),
}

/** The id of a rig's account on this host; undefined for a rig without one. */
async function accountOf({ host }: ServiceDeps, db: CommonsDb, handle: string | null): Promise<number | undefined> {
  const rig = handle === null ? undefined : await findRig(db, handle)
  const entity = readEntityUri(rig?.hopUri ?? null)
  return entity?.host === host ? entity.id : undefined
}
