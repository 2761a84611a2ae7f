import type { PullRequestRef } from '../domain/refs.ts'
import type { Admission } from '../authorization/admission.ts'
import { admissionOf, type RepositoryAdmission } from '../authorization/check-admission.ts'
import { isUnread, lists, type Settings } from '../authorization/settings.ts'
import { GHOST_ID, takesPart } from '../domain/rig.ts'
import { refusalIn } from '../github/github-answer.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { itemsOf, type PullRequestItem } from '../operations/tables/pull-request-items.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { endRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { Criterion } from '../replies/criteria.ts'
import type { LeftAlone } from '../replies/left-alone.ts'
import { criteriaOf } from './criteria.ts'
import { syncItem, hasStampedWork, stopWaiting } from './sync-item.ts'
import { type PullRequestSnapshot, fetchSnapshot } from './snapshot.ts'
import { type PullRequestReferences, referencesOf } from './closing-issues.ts'
import type { Publications } from './publications.ts'
import { askForReverts } from './reverts.ts'
import type { Cause, SyncableItem, SyncedPullRequest } from './types.ts'
import { noteSeenHead } from './review-metrics.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Undefined of a pull request that is gone, or names no item and never did; `refused` where nothing of it may be recorded. */
export type SyncOutcome = SyncedPullRequest | { refused: LeftAlone } | undefined

/** Syncs the ledger with a pull request as it is now, and puts what is to be said of it into `publications`. */
export async function syncPullRequest(
  deps: SyncDeps,
  place: PullRequestRef,
  cause: Cause,
  publications: Publications,
): Promise<SyncOutcome> {
  const snapshot = await fetchSnapshot(deps, place)
  const admission = admissionOf(deps.checkAdmission, place)
  return snapshot && syncPullRequestFor(deps, place, cause, { snapshot, admission, publications })
}

/** What whoever syncs has already: a snapshot that was just taken, and whether the repository is admitted. */
export interface SyncInput {
  snapshot: PullRequestSnapshot
  admission: RepositoryAdmission
  publications: Publications
}

/** The same for who has a snapshot. */
export async function syncPullRequestFor(
  deps: SyncDeps,
  place: PullRequestRef,
  cause: Cause,
  { snapshot, admission, publications }: SyncInput,
): Promise<SyncOutcome> {
  const { pull } = snapshot
  const before = await itemsOf(deps.store, deps.host, pull.id)
  const named = await referencesOf(deps, snapshot)
  const recheck = recheckOf(deps, place, pull)
  if (!concernsUs(named, before, cause)) {
    // It may name an item of which GitHub does not tell.
    const mayName = 'refused' in named.links && pull.open
    await recheck(mayName && !('refused' in (await admission(pull.repository))))
    if (!mayName) publications.set(pull.id, { place, is: 'no-item', snapshot })
    return undefined
  }
  const answer = await admission(pull.repository)
  // What stands there is kept, and what was to be published when GitHub still told: whether more is, it does not tell.
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
    const about = { pull, work, gates: settings.gates, rig: view.rig?.handle ?? '' }
    if (rest === 'in-review' || rest === 'entered') criteria.set(wanted, await criteriaOf(deps, place, wanted, about))
  }
  const links = keepsUntold || 'refused' in named.links ? refusalIn(named.links) : undefined
  await noteSeenHead(deps, pull)
  return { snapshot, items, malformed, work, criteria, settings, links, undecided: isUndecided(settings, criteria) }
}

/** Has the pull request refreshed by itself, while GitHub refuses to tell something that decides. */
function recheckOf({ store, host, now }: SyncDeps, at: PullRequestRef, { repository }: PullRequest) {
  const place = { ...placeOf(at, repository.id), number: at.number }
  return (isUntold: boolean) => (isUntold ? noteRecheck(store, host, place, now()) : endRecheck(store, host, place))
}

/** True where GitHub refuses to tell what a stamp needs, or who may give one. */
function isUndecided(settings: Settings, criteria: ReadonlyMap<string, readonly Criterion[]>): boolean {
  return isUnread(settings) || [...criteria.values()].flat().some(({ isUntold }) => isUntold === true)
}

/** A label like `w-waiting` of the repository's own is no reason to speak where we do not serve. */
function isSurelyMeant({ items, malformed }: PullRequestReferences): boolean {
  return malformed.length > 0 || items.some((item) => item.certain)
}

/** True of a pull request that names an item, or did. */
function concernsUs(
  { items, malformed }: PullRequestReferences,
  before: readonly PullRequestItem[],
  cause: Cause,
): boolean {
  return items.length + malformed.length + cause.released.length + before.length > 0
}

/** What a deleted account holds is let go when its pull request is closed unmerged or names the item no longer. */
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

/** Why nothing of an author's is recorded; undefined where all is well. */
export async function refusedAuthor(deps: SyncDeps, pull: PullRequest, { ignore }: Settings) {
  const { author } = pull
  if (author === undefined || author.id === GHOST_ID) return 'author-gone'
  if (lists(ignore, author)) return 'ignored'
  if (!takesPart(author)) return 'no-person'
  return (await deps.optOuts.has(deps.host, author.id)) ? 'declined' : undefined
}
