import type { PullRequestRef } from '../domain/refs.ts'
import { isUnread, lists } from '../authorization/settings.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import type { Reaction } from '../github/publish.ts'
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
import type { PullRequestSnapshot } from './snapshot.ts'
import { notifyOfReverts } from './reverts.ts'
import { reviewMetricsOf } from './review-metrics.ts'
import { shownDeferred } from './shown-stamps.ts'
import type { PublishDeps } from './sync-deps.ts'
import type { SyncedPullRequest } from './types.ts'
import { markStale } from './stale-stamps.ts'

/**
 * Runs the work of one delivery, and then publishes the results of its syncs: each pull request once, by the last sync
 * of it. Where the work fails, the results so far are published all the same, and then its error is thrown.
 */
export async function publishAtEnd<T>(deps: PublishDeps, work: (publications: Publications) => Promise<T>): Promise<T> {
  const publications: Publications = new Map()
  let done: T
  try {
    done = await work(publications)
  } catch (error) {
    // The job is retried, and publishes again: the error of the work is the one that counts.
    await publishAll(deps, publications).catch(() => {})
    throw error
  }
  await publishAll(deps, publications)
  return done
}

/**
 * Publishes all entries that are there now. Work that answers somebody calls this before the answer. `reaction`: the
 * answer's reaction, which is written with the last of them if that costs no request. True where it was.
 */
export async function publishAll(deps: PublishDeps, publications: Publications, reaction?: Reaction): Promise<boolean> {
  let hasReacted = false
  for (const [id, publication] of publications) {
    publications.delete(id)
    hasReacted = await publish(deps, publication, publications.size === 0 ? reaction : undefined)
  }
  return hasReacted
}

async function publish(deps: PublishDeps, publication: Publication, reaction?: Reaction): Promise<boolean> {
  const { place } = publication
  if (publication.is === 'synced') return publishStatus(deps, place, publication.synced, reaction)
  await publishOther(deps, publication)
  return false
}

async function publishOther(deps: PublishDeps, publication: Exclude<Publication, { is: 'synced' }>): Promise<void> {
  const { place } = publication
  const { snapshot } = publication
  const { pull } = snapshot
  if (publication.is === 'no-item') return publishNoItem(deps, place, snapshot)
  const told = await snapshot.ownComments(place.number)
  await deps.reply(place, statusKey(pull), leftAlone(publication.why, pull.repository.fullName), { told })
}

/** The key of the status comment of a pull request, by which the comment is found again. */
function statusKey({ id }: Pick<PullRequest, 'id'>): string {
  return `status/${id}`
}

/** Replaces the status of a pull request that named an item once; without an earlier status nothing is published. */
async function publishNoItem(deps: PublishDeps, place: PullRequestRef, snapshot: PullRequestSnapshot): Promise<void> {
  const { pull } = snapshot
  const when = 'if-said'
  await deps.reply(place, statusKey(pull), namesNothing, { when, told: await snapshot.ownComments(place.number) })
  await deps.check(place, pull, NO_ITEM, { when, told: await snapshot.ownRuns() })
}

/**
 * Publishes what the ledger holds of a pull request after its sync: status comment, check, the comments on the posted
 * issues. It is idempotent.
 */
async function publishStatus(
  deps: PublishDeps,
  place: PullRequestRef,
  synced: SyncedPullRequest,
  reaction: Reaction | undefined,
): Promise<boolean> {
  const { snapshot, items, malformed, settings, links } = synced
  const { pull } = snapshot
  const shown = await showItems(deps, synced)
  for (const item of shown) await notifyOfReverts(deps, place, pull.id, item)
  const status = await textOf(deps, synced, shown)
  let hasReacted = false
  if (shown.length + malformed.length > 0) {
    const when = isQuiet(settings, shown, malformed)
    const check = { ...checkOf(shown, malformed), summary: fitBytes(status, MOST_OF_SUMMARY) }
    const told = {
      comments: await snapshot.ownComments(place.number),
      runs: await snapshot.ownRuns(),
      repository: snapshot.repositoryNode,
    }
    const key = statusKey(pull)
    hasReacted = await deps.writeStatus(place, pull, { key, text: status, when, check, reaction }, told)
  } else if (links === undefined) await publishNoItem(deps, place, snapshot)
  for (const [at, item] of shown.entries())
    await notifyIssue(deps, { place, snapshot, quiet: settings.quiet }, items[at]!, item)
  const rig = rigOf(synced)
  if (rig !== undefined) await notifyHandleCollision(deps, place, pull.author!, rig)
  return hasReacted
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
