import { isBounty } from '../domain/bounty.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { claimsOf, describeWanted } from '../ledger/tables/wanted-details.ts'
import { cappedItems, type PullRequestItem } from '../operations/tables/pull-request-items.ts'
import { capFor, type Policy } from '../reputation/policy.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface CappedDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
  policy: Pick<Policy, 'claims'>
  revisit(item: PullRequestItem): Promise<void>
}

/**
 * Has the pull requests refreshed that waited because their author held too many claims, of everybody or of one person:
 * the oldest first, and no more than there is room for, or chance would decide which of them gets it. A crash before
 * this is the claims' schedule's to mend.
 */
export async function revisitCapped(deps: CappedDeps, authorId?: number): Promise<void> {
  const waiting = Map.groupBy(await cappedItems(deps.store, authorId), (item) => item.author_id)
  for (const [id, items] of waiting) for (const item of await thatHaveRoom(deps, id, items)) await deps.revisit(item)
}

async function thatHaveRoom(
  { host, ledger, policy }: CappedDeps,
  id: number,
  items: readonly PullRequestItem[],
): Promise<PullRequestItem[]> {
  return ledger.read(async (db) => {
    const rig = await findRigOf(db, host, { id, login: '' })
    if (rig === undefined) return []
    let room = capFor(policy.claims, rig.trustLevel) - (await claimsOf(db, rig.handle)).length
    const found: PullRequestItem[] = []
    for (const item of items) {
      const wanted = await describeWanted(db, item.wanted_id)
      if (wanted === undefined) continue
      // An entry of a bounty claims nothing; it waited because its author was suspended.
      if (isBounty(wanted) ? rig.trustLevel >= 0 : room > 0) found.push(item)
      // What is another's now takes no room: its pull request only says so.
      if (wanted.status === 'open' && !isBounty(wanted)) room--
    }
    return found
  })
}
