import type { PullRequestRef } from '../domain/refs.ts'
import { publishNoItem, publishStatus, statusKey } from './publish-status.ts'
import type { Admission } from '../authorization/admission.ts'
import { isUnread, lists, type Settings } from '../authorization/settings.ts'
import { GHOST_ID, takesPart } from '../domain/rig.ts'
import { refusalIn } from '../github/github-answer.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { itemsOf, type PullRequestItem } from '../operations/tables/pull-request-items.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { endRecheck, noteRecheck } from '../operations/tables/rechecks.ts'
import type { Criterion } from '../replies/criteria.ts'
import { type LeftAlone, leftAlone } from '../replies/left-alone.ts'
import { criteriaOf } from './criteria.ts'
import { syncItem, hasStampedWork, stopWaiting } from './sync-item.ts'
import { type PullRequestSnapshot, fetchSnapshot } from './snapshot.ts'
import { type PullRequestReferences, referencesOf } from './closing-issues.ts'
import { askForReverts } from './reverts.ts'
import type { Cause, SyncableItem, SyncedPullRequest } from './types.ts'
import type { SyncDeps } from './sync-deps.ts'

/**
 * Syncs the ledger with a pull request as it is now, and its status comment with the ledger. Undefined when the pull
 * request is gone, or names no item and never did; `refused` when nothing of it may be recorded.
 */
export async function syncPullRequest(
  deps: SyncDeps,
  place: PullRequestRef,
  cause: Cause,
): Promise<SyncedPullRequest | { refused: LeftAlone } | undefined> {
  const snapshot = await fetchSnapshot(deps, place)
  return snapshot && syncPullRequestFor(deps, place, cause, snapshot)
}

/** The same with a snapshot that was just taken. */
export async function syncPullRequestFor(
  deps: SyncDeps,
  place: PullRequestRef,
  cause: Cause,
  snapshot: PullRequestSnapshot,
): Promise<SyncedPullRequest | { refused: LeftAlone } | undefined> {
  const { pull } = snapshot
  const before = await itemsOf(deps.store, deps.host, pull.id)
  const named = await referencesOf(deps, snapshot)
  const recheck = recheckOf(deps, place, pull)
  if (!concernsUs(named, before, cause)) {
    // It may name an item of which GitHub does not tell.
    const mayName = 'refused' in named.links && pull.open
    await recheck(mayName && (await isServed(deps, place, pull)))
    if (!mayName) await publishNoItem(deps, place, pull)
    return undefined
  }
  const answer = await deps.checkAdmission(place, pull.repository)
  // What stands there is kept: whether it is still to be published, GitHub does not tell.
  if ('unread' in answer && answer.unread !== undefined) {
    await recheck(true)
    return { refused: answer.refused }
  }
  const refused = 'refused' in answer ? answer.refused : await refusedAuthor(deps, pull, answer.settings)
  const syncable = { snapshot, pull, before, named, cause }
  if (refused !== undefined || 'refused' in answer) {
    await recheck(refused === 'author-gone' && pull.open && 'refused' in named.links)
    if (refused === 'author-gone' && 'admission' in answer)
      await letGhostGo(deps, answer.admission, place, { ...syncable, trailers: answer.settings.trailers })
    return leaveAlone(deps, place, syncable, refused)
  }
  return syncAndPublish(deps, place, syncable, { admission: answer.admission, settings: answer.settings, recheck })
}

async function leaveAlone(
  deps: SyncDeps,
  place: PullRequestRef,
  { pull, before, named }: Pick<SyncableItem, 'pull' | 'before' | 'named'>,
  refused: LeftAlone | undefined,
): Promise<{ refused: LeftAlone } | undefined> {
  await stopWaiting(deps, before)
  if (refused === undefined) return undefined
  const stays = await Promise.all(before.map((item) => hasStampedWork(deps, item)))
  if (refused !== 'ignored' && isSurelyMeant(named) && !stays.includes(true))
    await deps.reply(place, statusKey(pull), leftAlone(refused, pull.repository.fullName))
  return { refused }
}

async function syncAndPublish(
  deps: SyncDeps,
  place: PullRequestRef,
  syncable: Omit<SyncableItem, 'trailers'>,
  at: { admission: Admission; settings: Settings; recheck: ReturnType<typeof recheckOf> },
): Promise<SyncedPullRequest> {
  const { admission, settings, recheck } = at
  const { pull, named, snapshot } = syncable
  const { items, malformed, work, keepsUntold } = await syncItem(deps, admission, place, {
    ...syncable,
    trailers: settings.trailers,
  })
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
  const undecided = isUndecided(settings, criteria)
  await recheck(undecided || (links !== undefined && (pull.open || pull.merged)))
  const synced = { pull, admission, items, malformed, work, criteria, settings, undecided }
  return { ...synced, status: await publishStatus(deps, place, synced, { snapshot, links }) }
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

async function isServed(deps: SyncDeps, at: PullRequestRef, { repository }: PullRequest): Promise<boolean> {
  return !('refused' in (await deps.checkAdmission(at, repository)))
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
  { pull, named, ...rest }: SyncableItem,
) {
  const { before } = rest
  const mayName = named.items.length > 0 || refusalIn(named.links) !== undefined
  const stays = (pull.open || pull.merged) && mayName
  if (before[0] === undefined || stays) return
  const author = { id: before[0].author_id, login: 'ghost', type: 'User' as const }
  const nothing = { items: [], malformed: [], unread: false, links: { known: [] } }
  await syncItem(deps, admission, place, { ...rest, pull: { ...pull, author }, named: nothing })
}

/** Why nothing of an author's is recorded; undefined where all is well. */
export async function refusedAuthor(deps: SyncDeps, pull: PullRequest, { ignore }: Settings) {
  const { author } = pull
  if (author === undefined || author.id === GHOST_ID) return 'author-gone'
  if (lists(ignore, author)) return 'ignored'
  if (!takesPart(author)) return 'no-person'
  return (await deps.optOuts.has(deps.host, author.id)) ? 'declined' : undefined
}
