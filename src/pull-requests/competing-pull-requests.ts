import { saveNotified, notifiedOf } from '../operations/tables/bounties.ts'
import { pullRequestsOn } from '../operations/tables/pull-request-items.ts'
import type { StepFacts } from './apply-item-step.ts'
import type { LedgerView } from './item-state.ts'
import type { SyncItemDeps } from './types.ts'

/**
 * Refreshes every other pull request of an open bounty whose state has changed since the last such refresh (its work
 * adopted, a stamp undone, a peer's claim), those that named it once too. The new state is stored last: after a crash
 * in between they are refreshed twice, and not never.
 */
export async function notifyCompetingPullRequests(
  deps: SyncItemDeps,
  { wanted, pullRequestId }: Pick<StepFacts, 'wanted' | 'pullRequestId'>,
  { item, adopted }: LedgerView,
): Promise<void> {
  const now = item?.status === 'open' ? OPEN : `${item?.status} ${adopted?.id ?? item?.claimedBy}`
  if (((await notifiedOf(deps.store, wanted)) ?? OPEN) === now) return
  for (const pull of await pullRequestsOn(deps.store, deps.host, [wanted]))
    if (pull.pull_request_id !== pullRequestId) await deps.revisit(pull)
  await saveNotified(deps.store, wanted, now)
}

const OPEN = 'open'
