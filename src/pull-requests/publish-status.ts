import type { PullRequestRef } from '../domain/refs.ts'
import { isUnread, lists } from '../authorization/settings.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { checkOf, NO_ITEM } from '../replies/check.ts'
import { fitBytes, MOST_OF_SUMMARY } from '../replies/fit.ts'
import { leftAlone } from '../replies/left-alone.ts'
import type { ShownItem } from '../replies/shown-item.ts'
import { namesNothing, statusComment } from '../replies/status.ts'
import { untold } from '../replies/untold.ts'
import { notifyHandleCollision } from './handle-collision.ts'
import { agentShown, isQuiet, show } from './item-view.ts'
import { notifyIssue } from './notify-issue.ts'
import type { Publication, Publications } from './publications.ts'
import { notifyOfReverts } from './reverts.ts'
import { reviewMetricsOf } from './review-metrics.ts'
import { shownDeferred } from './shown-stamps.ts'
import type { PublishDeps } from './sync-deps.ts'
import type { SyncedPullRequest } from './types.ts'
import { markStale } from './stale-stamps.ts'

/**
 * Runs the work of one delivery, and then publishes what its syncs found: each pull request once, as the last sync of it
 * found it. Where the work fails, what it has written to the ledger is published all the same; then its own error goes on.
 */
export async function publishAtEnd<T>(deps: PublishDeps, work: (publications: Publications) => Promise<T>): Promise<T> {
  const publications: Publications = new Map()
  let done: T
  try {
    done = await work(publications)
  } catch (error) {
    // The job is tried again, and publishes again: why the work failed is what counts.
    await publishAll(deps, publications).catch(() => {})
    throw error
  }
  await publishAll(deps, publications)
  return done
}

/** Publishes all that is there now: work that answers somebody does so before it answers. */
export async function publishAll(deps: PublishDeps, publications: Publications): Promise<void> {
  for (const [id, publication] of publications) {
    publications.delete(id)
    await publish(deps, publication)
  }
}

async function publish(deps: PublishDeps, publication: Publication): Promise<void> {
  const { place } = publication
  if (publication.is === 'synced') return publishStatus(deps, place, publication.synced)
  const { pull } = publication.snapshot
  if (publication.is === 'no-item') return publishNoItem(deps, place, pull)
  await deps.reply(place, statusKey(pull), leftAlone(publication.why, pull.repository.fullName))
}

/** The key of the status comment of a pull request, by which it is found again. */
function statusKey({ id }: Pick<PullRequest, 'id'>): string {
  return `status/${id}`
}

/** Takes back what was said of a pull request that named an item once; where nothing was said, nothing is. */
async function publishNoItem(deps: PublishDeps, place: PullRequestRef, pull: PullRequest): Promise<void> {
  await deps.reply(place, statusKey(pull), namesNothing, 'if-said')
  await deps.check(place, pull, NO_ITEM, 'if-said')
}

/**
 * Publishes what the ledger holds of a pull request after its sync: status comment, check, the comments on the posted
 * issues. Repeating it changes nothing.
 */
async function publishStatus(deps: PublishDeps, place: PullRequestRef, synced: SyncedPullRequest): Promise<void> {
  const { snapshot, items, malformed, settings, links } = synced
  const { pull } = snapshot
  const shown = await showItems(deps, synced)
  for (const item of shown) await notifyOfReverts(deps, place, pull.id, item)
  const status = await textOf(deps, synced, shown)
  if (shown.length + malformed.length > 0) {
    await deps.reply(place, statusKey(pull), status, isQuiet(settings, shown, malformed))
    await deps.check(place, pull, { ...checkOf(shown, malformed), summary: fitBytes(status, MOST_OF_SUMMARY) })
  } else if (links === undefined) await publishNoItem(deps, place, pull)
  for (const [at, item] of shown.entries())
    await notifyIssue(deps, { place, pull, quiet: settings.quiet }, items[at]!, item)
  const rig = rigOf(synced)
  if (rig !== undefined) await notifyHandleCollision(deps, place, pull.author!, rig)
}

/** The text of the status comment of a pull request, as it is published after this sync. */
export async function statusText(deps: PublishDeps, synced: SyncedPullRequest): Promise<string> {
  return textOf(deps, synced, await showItems(deps, synced))
}

async function showItems(deps: PublishDeps, { snapshot, items, criteria }: SyncedPullRequest): Promise<ShownItem[]> {
  const deferred = await shownDeferred(deps, snapshot)
  return Promise.all(
    items.map(async (item) => ({
      ...(await show(deps, item, (stamps) => markStale(snapshot, stamps))),
      issue: readIssueLink(item.view.item?.description ?? '')?.url,
      criteria: criteria.get(item.wanted) ?? [],
      deferred: deferred.get(item.wanted) ?? [],
    })),
  )
}

async function textOf(deps: PublishDeps, synced: SyncedPullRequest, items: readonly ShownItem[]): Promise<string> {
  const { snapshot, malformed, work, settings, links } = synced
  const { pull } = snapshot
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
