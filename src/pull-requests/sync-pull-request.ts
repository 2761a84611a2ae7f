import type { PullRequestRef } from '../domain/refs.ts'
import type { Admission } from '../authorization/admission.ts'
import { admissionOf, type RepositoryAdmission } from '../authorization/check-admission.ts'
import { isUnread, lists, type Settings } from '../authorization/settings.ts'
import { GHOST_ID, takesPart } from '../domain/rig.ts'
import { refusalIn } from '../github/github-answer.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { itemsOf, type PullRequestItem } from '../operations/tables/pull-request-items.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { endRecheck, hasRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { Criterion } from '../replies/criteria.ts'
import type { LeftAlone } from '../replies/left-alone.ts'
import { criteriaOf } from './criteria.ts'
import { issuesOf, type KnownPullRequest } from './posted-from.ts'
import { syncItem, hasStampedWork, stopWaiting } from './sync-item.ts'
import { type PullRequestSnapshot, fetchSnapshot } from './snapshot.ts'
import { type PullRequestReferences, referencesOf } from './closing-issues.ts'
import type { Publications } from './publications.ts'
import { askForReverts } from './reverts.ts'
import type { Cause, SyncableItem, SyncedPullRequest } from './types.ts'
import { noteSeenHead } from './review-metrics.ts'
import type { SyncDeps } from './sync-deps.ts'

/**
 * The outcome of a sync. Undefined for a pull request that is gone, or names no item and never did; `refused` where
 * nothing of it may be recorded.
 */
export type SyncOutcome = SyncedPullRequest | { refused: LeftAlone } | undefined

/** Syncs the ledger with a pull request as it is now, and puts the result into `publications`. */
export async function syncPullRequest(
  deps: SyncDeps,
  place: KnownPullRequest,
  cause: Cause,
  publications: Publications,
): Promise<SyncOutcome> {
  const snapshot = await fetchSnapshot(deps, place, await issuesOf(deps, place, cause.labels))
  const admission = admissionOf(deps.checkAdmission, place)
  return snapshot && syncPullRequestFor(deps, place, cause, { snapshot, admission, publications })
}

/** The input of a sync whose caller has a fresh snapshot and the repository's admission check already. */
export interface SyncInput {
  snapshot: PullRequestSnapshot
  admission: RepositoryAdmission
  publications: Publications
}

/** Syncs like `syncPullRequest`, with a snapshot and an admission check that the caller has already. */
export async function syncPullRequestFor(
  deps: SyncDeps,
  place: PullRequestRef,
  cause: Cause,
  { snapshot, admission, publications }: SyncInput,
): Promise<SyncOutcome> {
  const { pull } = snapshot
  // What is asked at once is one statement, so all is asked that may be needed.
  const [before, recheck] = await Promise.all([itemsOf(deps.store, deps.host, pull.id), recheckOf(deps, place, pull)])
  const named = await referencesOf(deps, snapshot)
  if (!concernsUs(named, before, cause)) {
    // It may name an item that GitHub does not show now.
    const mayName = 'refused' in named.links && pull.open
    await recheck(mayName && !('refused' in (await admission(pull.repository))))
    if (!mayName) publications.set(pull.id, { place, is: 'no-item', snapshot })
    return undefined
  }
  const answer = await admission(pull.repository)
  // The status comment stays, and so does an earlier publication of this delivery: GitHub does not show whether the
  // repository is still served.
  if ('unread' in answer && answer.unread !== undefined) {
    await recheck(true)
    return { refused: answer.refused }
  }
  if ('refused' in answer) {
    await recheck(false)
    return leaveAlone(deps, place, { snapshot, before, named }, answer.refused, publications)
  }
  const { settings } = answer
  const syncable = { snapshot, before, named, cause, trailers: settings.trailers }
  const refused = await refusedAuthor(deps, pull, settings)
  if (refused !== undefined) {
    await recheck(refused === 'author-gone' && pull.open && 'refused' in named.links)
    if (refused === 'author-gone') await letGhostGo(deps, answer.admission, place, syncable)
    return leaveAlone(deps, place, syncable, refused, publications)
  }
  const synced = await syncAdmitted(deps, answer, place, syncable)
  await recheck(synced.undecided || (synced.links !== undefined && (pull.open || pull.merged)))
  publications.set(pull.id, { place, is: 'synced', synced })
  return synced
}

async function leaveAlone(
  deps: SyncDeps,
  place: PullRequestRef,
  { snapshot, before, named }: Pick<SyncableItem, 'snapshot' | 'before' | 'named'>,
  refused: LeftAlone,
  publications: Publications,
): Promise<{ refused: LeftAlone }> {
  await stopWaiting(deps, before)
  const stays = await Promise.all(before.map((item) => hasStampedWork(deps, item)))
  const { id } = snapshot.pull
  if (refused !== 'ignored' && isSurelyMeant(named) && !stays.includes(true))
    publications.set(id, { place, is: 'left-alone', snapshot, why: refused })
  else publications.delete(id)
  return { refused }
}

async function syncAdmitted(
  deps: SyncDeps,
  { admission, settings }: { admission: Admission; settings: Settings },
  place: PullRequestRef,
  syncable: SyncableItem,
): Promise<SyncedPullRequest> {
  const { named, snapshot } = syncable
  const { pull } = snapshot
  const { items, malformed, work, keepsUntold } = await syncItem(deps, admission, place, syncable)
  await askForReverts(
    deps,
    place,
    pull,
    items.flatMap(({ view }) => view.mine ?? []),
  )
  const criteria = new Map<string, readonly Criterion[]>()
  for (const { wanted, rest, view } of items) {
    const about = { snapshot, work, gates: settings.gates, rig: view.rig?.handle ?? '', item: view.item }
    if (rest === 'in-review' || rest === 'entered') criteria.set(wanted, await criteriaOf(deps, place, wanted, about))
  }
  const links = keepsUntold || 'refused' in named.links ? refusalIn(named.links) : undefined
  await noteSeenHead(deps, pull)
  return { snapshot, items, malformed, work, criteria, settings, links, undecided: isUndecided(settings, criteria) }
}

/** Schedules a refresh without an event while GitHub refuses to show a fact that decides; unschedules it otherwise. */
async function recheckOf({ store, host, now }: SyncDeps, at: PullRequestRef, { repository }: PullRequest) {
  const place = { ...placeOf(at, repository.id), number: at.number }
  const isNoted = await hasRecheck(store, host, place)
  return async (isUntold: boolean) => {
    if (isUntold) await noteRecheck(store, host, place, now())
    else if (isNoted) await endRecheck(store, host, place)
  }
}

/** True where GitHub refuses to show whether a criterion of a stamp is met, or who may give one. */
function isUndecided(settings: Settings, criteria: ReadonlyMap<string, readonly Criterion[]>): boolean {
  return isUnread(settings) || [...criteria.values()].flat().some(({ isUntold }) => isUntold === true)
}

/**
 * True where an item is surely meant. A label of the repository's own, like `w-waiting`, is no reason to comment where
 * the bridge does not serve.
 */
function isSurelyMeant({ items, malformed }: PullRequestReferences): boolean {
  return malformed.length > 0 || items.some((item) => item.certain)
}

/** True for a pull request that names an item, or did. */
function concernsUs(
  { items, malformed }: PullRequestReferences,
  before: readonly PullRequestItem[],
  cause: Cause,
): boolean {
  return items.length + malformed.length + cause.released.length + before.length > 0
}

/** Releases what a deleted account holds when its pull request is closed unmerged or no longer names the item. */
async function letGhostGo(
  deps: SyncDeps,
  admission: Admission,
  place: PullRequestRef,
  { snapshot, named, ...rest }: SyncableItem,
) {
  const { pull } = snapshot
  const { before } = rest
  const mayName = named.items.length > 0 || refusalIn(named.links) !== undefined
  const stays = (pull.open || pull.merged) && mayName
  if (before[0] === undefined || stays) return
  const author = { id: before[0].author_id, login: 'ghost', type: 'User' as const }
  const nothing = { items: [], malformed: [], unread: false, links: { known: [] } }
  await syncItem(deps, admission, place, {
    ...rest,
    snapshot: { ...snapshot, pull: { ...pull, author } },
    named: nothing,
  })
}

/** The reason why nothing of an author's is recorded; undefined where it is. */
export async function refusedAuthor(deps: SyncDeps, pull: PullRequest, { ignore }: Settings) {
  const { author } = pull
  if (author === undefined || author.id === GHOST_ID) return 'author-gone'
  if (lists(ignore, author)) return 'ignored'
  if (!takesPart(author)) return 'no-person'
  // Asked now and no earlier: they may have declined while GitHub was asked.
  return (await deps.optOuts.has(deps.host, author.id)) ? 'declined' : undefined
}
