import type { PullRequestRef } from '../domain/refs.ts'
import { isUnread, lists } from '../authorization/settings.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import type { Refusal } from '../github/github-answer.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { checkOf, NO_ITEM } from '../replies/check.ts'
import { fitBytes, MOST_OF_SUMMARY } from '../replies/fit.ts'
import type { ShownItem } from '../replies/shown-item.ts'
import { namesNothing, statusComment } from '../replies/status.ts'
import { untold } from '../replies/untold.ts'
import { notifyHandleCollision } from './handle-collision.ts'
import { agentShown, isQuiet, show } from './item-view.ts'
import { notifyIssue } from './notify-issue.ts'
import { notifyOfReverts } from './reverts.ts'
import { reviewMetricsOf } from './review-metrics.ts'
import { shownDeferred } from './shown-stamps.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { SyncDeps } from './sync-deps.ts'
import type { SyncedPullRequest } from './types.ts'
import { markStale } from './stale-stamps.ts'

/** The key of the status comment of a pull request, by which it is found again. */
export function statusKey({ id }: Pick<PullRequest, 'id'>): string {
  return `status/${id}`
}

/** Takes back what was said of a pull request that named an item once; where nothing was said, nothing is. */
export async function publishNoItem(deps: SyncDeps, place: PullRequestRef, pull: PullRequest): Promise<void> {
  await deps.reply(place, statusKey(pull), namesNothing, 'if-said')
  await deps.check(place, pull, NO_ITEM, 'if-said')
}

/**
 * Publishes what the ledger holds of a pull request after its sync: status comment, check, the comments on the posted
 * issues. Repeating it changes nothing. `links`: why GitHub does not tell which issues it closes. Resolves to the text
 * of the status comment.
 */
export async function publishStatus(
  deps: SyncDeps,
  place: PullRequestRef,
  synced: Omit<SyncedPullRequest, 'status'>,
  { snapshot, links }: { snapshot: PullRequestSnapshot; links: Refusal | undefined },
): Promise<string> {
  const { pull, items, malformed, settings } = synced
  const shown = await showItems(deps, synced, snapshot)
  for (const item of shown) await notifyOfReverts(deps, place, pull.id, item)
  const status = await statusText(deps, synced, shown, links)
  if (shown.length + malformed.length > 0) {
    await deps.reply(place, statusKey(pull), status, isQuiet(settings, shown, malformed))
    await deps.check(place, pull, { ...checkOf(shown, malformed), summary: fitBytes(status, MOST_OF_SUMMARY) })
  } else if (links === undefined) await publishNoItem(deps, place, pull)
  for (const [at, item] of shown.entries())
    await notifyIssue(deps, { place, pull, quiet: settings.quiet }, items[at]!, item)
  const rig = rigOf(synced)
  if (rig !== undefined) await notifyHandleCollision(deps, place, pull.author!, rig)
  return status
}

async function showItems(
  deps: SyncDeps,
  { pull, items, criteria }: Omit<SyncedPullRequest, 'status'>,
  { diff }: PullRequestSnapshot,
) {
  const deferred = await shownDeferred(deps, pull, diff)
  return Promise.all(
    items.map(async (item) => ({
      ...(await show(deps, item, (stamps) => markStale(pull, stamps, diff))),
      issue: readIssueLink(item.view.item?.description ?? '')?.url,
      criteria: criteria.get(item.wanted) ?? [],
      deferred: deferred.get(item.wanted) ?? [],
    })),
  )
}

async function statusText(
  deps: SyncDeps,
  synced: Omit<SyncedPullRequest, 'status'>,
  items: readonly ShownItem[],
  links: Refusal | undefined,
): Promise<string> {
  const { pull, malformed, work, settings } = synced
  const rig = rigOf(synced)
  return statusComment({
    author: pull.author!.login,
    rig: rig?.handle,
    agent: rig && (await agentShown(deps, rig, lists(settings.agents, pull.author!))),
    items,
    pageOf: deps.pageOf,
    malformed,
    evidence: work.evidence,
    signals: await reviewMetricsOf(deps, pull, work),
    untold: [
      ...(isUnread(settings) ? [untold.settings(settings.refused!.refusal)] : []),
      ...(links === undefined ? [] : [untold.links(links)]),
    ],
  })
}

function rigOf({ items }: Pick<SyncedPullRequest, 'items'>) {
  return items.find((item) => item.view.rig !== undefined)?.view.rig
}
