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
 * Refreshes the pull requests that waited because their author held too many claims, of everybody or of one person. The
 * oldest comes first, and no more than there is room for, or chance would decide which of them gets the item. After a
 * crash before this, the scheduled job of claims refreshes them. `tried`: the pull requests that were refreshed before
 * and still wait, for a reason of their own; they go behind the others, and the set is updated.
 */
export async function revisitCapped(
  deps: CappedDeps,
  authorId?: number,
  tried: Set<string> = new Set(),
): Promise<void> {
  const all = await cappedItems(deps.store, authorId)
  const keys = new Set(all.map(keyOf))
  for (const key of tried) if (!keys.has(key)) tried.delete(key)
  const isTried = (item: PullRequestItem) => tried.has(keyOf(item))
  const inOrder = [...all.filter((item) => !isTried(item)), ...all.filter(isTried)]
  for (const [id, items] of Map.groupBy(inOrder, (item) => item.author_id)) {
    for (const item of await thatHaveRoom(deps, id, items)) {
      await deps.revisit(item)
      // The last one tried is the last in line.
      tried.delete(keyOf(item))
      tried.add(keyOf(item))
    }
  }
}

function keyOf({ host, pull_request_id: pull, wanted_id: wanted }: PullRequestItem): string {
  return `${host}/${pull}/${wanted}`
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
    const all = await Promise.all(
      items.map(async (item) => ({ item, wanted: await describeWanted(db, item.wanted_id) })),
    )
    const found: PullRequestItem[] = []
    for (const { item, wanted } of all) {
      if (wanted === undefined) continue
      // An entry of a bounty claims nothing; it waited because its author was suspended.
      if (isBounty(wanted) ? rig.trustLevel >= 0 : room > 0) found.push(item)
      // An item that somebody else holds now takes no room: its pull request only reports that. Neither does one item
      // twice.
      const isFirst = !found.some((one) => one !== item && one.wanted_id === item.wanted_id)
      if (wanted.status === 'open' && !isBounty(wanted) && isFirst) room--
    }
    return found
  })
}
