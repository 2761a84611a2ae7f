import { saveNotified, notifiedOf } from '../operations/tables/bounties.ts'
import { pullRequestsOn } from '../operations/tables/pull-request-items.ts'
import type { StepFacts } from './apply-item-step.ts'
import type { LedgerView } from './item-state.ts'
import type { SyncItemDeps } from './types.ts'

/**
 * Who first sees that an open bounty stands elsewhere than was told (its work adopted, a stamp undone, a peer's claim)
 * refreshes every other pull request, those that named it once too. What was told is noted last, so that a crash
 * in between tells twice and not never.
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
