import type { Admission } from '../authorization/admission.ts'
import type { CheckAdmission } from '../authorization/check-admission.ts'
import { isUnread, lists, type Settings } from '../authorization/settings.ts'
import type { Completion } from '../domain/completion.ts'
import { readEvidence } from '../domain/evidence.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import { GHOST_ID, type Rig, takesPart } from '../domain/rig.ts'
import { refusalIn } from '../github/answer.ts'
import type { Client } from '../github/github.ts'
import type { PullRequest, RepositoryName } from '../github/pull-requests.ts'
import { completionsOf } from '../ledger/completions.ts'
import { ownersAsked } from '../ledger/rig-links.ts'
import { findRig } from '../ledger/rigs.ts'
import { itemsOf, type PullRequestItem } from '../operations/pull-request-items.ts'
import { endRecheck, noteRecheck } from '../operations/rechecks.ts'
import { capFor } from '../reputation/policy.ts'
import { checkOf, NO_ITEM } from '../replies/check.ts'
import type { Checker } from '../replies/checker.ts'
import type { Criterion } from '../replies/criteria.ts'
import { fitBytes, MOST_OF_SUMMARY } from '../replies/fit.ts'
import type { Replier } from '../replies/replier.ts'
import { type LeftAlone, leftAlone } from '../replies/left-alone.ts'
import {
  namesNothing,
  type RigPage,
  type ShownAgent,
  type ShownItem,
  type ShownStamp,
  statusComment,
} from '../replies/status.ts'
import { untold } from '../replies/untold.ts'
import { type CriteriaDeps, criteriaOf } from './criteria.ts'
import type { PullRequestEvidence } from './evidence.ts'
import { type Cause, syncItem, type SyncableItem, type SyncedItem, hasStampedWork, stopWaiting } from './sync-item.ts'
import { type PullRequestSnapshot, fetchSnapshot } from './snapshot.ts'
import { notifyHandleCollision } from './handle-collision.ts'
import { type PullRequestReferences, referencesOf } from './closing-issues.ts'
import { askForReverts, standingReverts, tellOfReverts } from './reverts.ts'
import { reviewMetricsOf } from './review-metrics.ts'
import { type JudgedStamp, markStale, shownHeld, shownStamps } from './shown-stamps.ts'
import { notifyIssue } from './notify-issue.ts'

/** Where a pull request is, and the client that may read it. */
export interface PullRequestTarget {
  client: Client
  installationId: number
  name: RepositoryName
  number: number
}

export interface SyncDeps extends CriteriaDeps {
  checkAdmission: CheckAdmission
  reply: Replier
  check: Checker
  pageOf: RigPage
  installation(id: number): Promise<Client>
  /** The App's installation on a repository. */
  installationAt(name: RepositoryName): Promise<number | undefined>
}

/** A pull request and its items after a sync, as commands need them. */
export interface SyncedPullRequest {
  pull: PullRequest
  admission: Admission
  items: SyncedItem[]
  /** What was meant as an id and is none. */
  malformed: string[]
  work: PullRequestEvidence
  /** What a stamp on an item in review needs, by the item's id. */
  criteria: ReadonlyMap<string, readonly Criterion[]>
  settings: Settings
  status: string
  /** True where GitHub refuses to tell what a stamp needs, or who may give one. */
  undecided: boolean
}

/**
 * Syncs the ledger with a pull request as it is now, and its status comment with the ledger. Undefined when the pull
 * request is gone, or names no item and never did; `refused` when nothing of it may be recorded.
 */
export async function syncPullRequest(
  deps: SyncDeps,
  place: PullRequestTarget,
  cause: Cause,
): Promise<SyncedPullRequest | { refused: LeftAlone } | undefined> {
  const snapshot = await fetchSnapshot(deps, place)
  return snapshot && syncPullRequestFor(deps, place, cause, snapshot)
}

/** The same with a snapshot that was just taken. */
export async function syncPullRequestFor(
  deps: SyncDeps,
  place: PullRequestTarget,
  cause: Cause,
  snapshot: PullRequestSnapshot,
): Promise<SyncedPullRequest | { refused: LeftAlone } | undefined> {
  const { client, name } = place
  const { pull } = snapshot
  const say = (text: string, when?: 'if-said') => deps.reply(place, `status/${pull.id}`, text, when)
  const before = await itemsOf(deps.store, deps.host, pull.id)
  const named = await referencesOf(deps, snapshot)
  const recheck = recheckOf(deps, place, pull)
  if (!concernsUs(named, before, cause)) {
    // It may name an item of which GitHub does not tell.
    const mayName = 'refused' in named.links && pull.open
    await recheck(mayName && (await isServed(deps, place, pull)))
    if (mayName) return undefined
    await say(namesNothing, 'if-said')
    await deps.check(place, pull, NO_ITEM, 'if-said')
    return undefined
  }

  const answer = await deps.checkAdmission(client, name, pull.repository)
  // What stands there is kept: whether it is still to be published, GitHub does not tell.
  if ('unread' in answer && answer.unread !== undefined) {
    await recheck(true)
    return { refused: answer.refused }
  }
  const refused = 'refused' in answer ? answer.refused : await refusedAuthor(deps, pull, answer.settings)
  if (refused !== undefined || 'refused' in answer) {
    await recheck(refused === 'author-gone' && pull.open && 'refused' in named.links)
    if (refused === 'author-gone' && 'admission' in answer)
      await letGhostGo(deps, answer.admission, place, {
        snapshot,
        pull,
        before,
        named,
        cause,
        trailers: answer.settings.trailers,
      })
    await stopWaiting(deps, before)
    if (refused === undefined) return undefined
    const stays = await Promise.all(before.map((item) => hasStampedWork(deps, item)))
    if (refused !== 'ignored' && isSurelyMeant(named) && !stays.includes(true))
      await say(leftAlone(refused, pull.repository.fullName))
    return { refused }
  }
  const { items, malformed, work, keepsUntold } = await syncItem(deps, answer.admission, place, {
    snapshot,
    pull,
    before,
    named,
    cause,
    trailers: answer.settings.trailers,
  })
  await askForReverts(
    deps,
    place,
    pull,
    items.flatMap(({ view }) => view.mine ?? []),
  )
  const criteria = new Map<string, readonly Criterion[]>()
  for (const { wanted, rest, view } of items) {
    const about = { pull, work, gates: answer.settings.gates, rig: view.rig?.handle ?? '' }
    if (rest === 'in-review' || rest === 'entered') criteria.set(wanted, await criteriaOf(deps, place, wanted, about))
  }
  const links = keepsUntold || 'refused' in named.links ? refusalIn(named.links) : undefined
  const undecided = isUndecided(answer.settings, criteria)
  await recheck(undecided || (links !== undefined && (pull.open || pull.merged)))
  const held = await shownHeld(deps, pull, snapshot.diff)
  const shown = await Promise.all(
    items.map(async (item) => ({
      ...(await show(deps, item, (stamps) => markStale(pull, stamps, snapshot.diff))),
      issue: readIssueLink(item.view.item?.description ?? '')?.url,
      criteria: criteria.get(item.wanted) ?? [],
      held: held.get(item.wanted) ?? [],
    })),
  )
  for (const item of shown) await tellOfReverts(deps, place, pull.id, item)
  const rig = items.find((item) => item.view.rig !== undefined)?.view.rig
  const status = statusComment({
    author: pull.author!.login,
    rig: rig?.handle,
    agent: rig && (await agentShown(deps, rig, lists(answer.settings.agents, pull.author!))),
    items: shown,
    pageOf: deps.pageOf,
    malformed,
    evidence: work.evidence,
    signals: await reviewMetricsOf(deps, pull, work),
    untold: [
      ...(isUnread(answer.settings) ? [untold.settings(answer.settings.refused!.refusal)] : []),
      ...(links === undefined ? [] : [untold.links(links)]),
    ],
  })
  if (shown.length + malformed.length > 0) {
    await say(status, isQuiet(answer.settings, shown, malformed))
    await deps.check(place, pull, { ...checkOf(shown, malformed), summary: fitBytes(status, MOST_OF_SUMMARY) })
  } else if (links === undefined) {
    await say(namesNothing, 'if-said')
    await deps.check(place, pull, NO_ITEM, 'if-said')
  }
  for (const [at, item] of shown.entries())
    await notifyIssue(deps, { place, pull, quiet: answer.settings.quiet }, items[at]!, item)
  if (rig !== undefined) await notifyHandleCollision(deps, place, pull.author!, rig)
  const { admission, settings } = answer
  return { pull, admission, items, malformed, work, criteria, settings, status, undecided }
}

/** Has the pull request refreshed by itself, while GitHub refuses to tell something that decides. */
function recheckOf(
  { store, host, now }: SyncDeps,
  { name, installationId: installation_id, number }: PullRequestTarget,
  { repository }: PullRequest,
) {
  const place = { installation_id, repository_id: repository.id, ...name, number }
  return (isUntold: boolean) => (isUntold ? noteRecheck(store, host, place, now()) : endRecheck(store, host, place))
}

/** True where GitHub refuses to tell what a stamp needs, or who may give one. */
function isUndecided(settings: Settings, criteria: ReadonlyMap<string, readonly Criterion[]>): boolean {
  return isUnread(settings) || [...criteria.values()].flat().some(({ isUntold }) => isUntold === true)
}

async function isServed(
  deps: SyncDeps,
  { client, name }: PullRequestTarget,
  { repository }: PullRequest,
): Promise<boolean> {
  return !('refused' in (await deps.checkAdmission(client, name, repository)))
}

/** Whose an agent is, or who asked to be its human; of a person, that settings propose them as an agent. */
async function agentShown({ ledger }: SyncDeps, agent: Rig, isProposed: boolean): Promise<ShownAgent | undefined> {
  if (agent.rigType !== 'agent') return isProposed ? 'proposed' : undefined
  if (agent.parentRig !== null) return { owner: agent.parentRig }
  return ledger.read(async (db) => {
    const asked = await ownersAsked(db, agent.handle)
    const humans = await Promise.all(asked.map((link) => findRig(db, link.rig_a)))
    return { asked: humans.flatMap((human) => human?.displayName ?? []) }
  })
}

/** States in which the pull request's author has something to mend, or waits in vain. */
const TOLD_ALWAYS: ReadonlySet<ShownItem['state']['is']> = new Set([
  'unknown',
  'withdrawn-item',
  'completed-elsewhere',
  'taken',
  'capped',
  'not-adopted',
])

/** Where settings ask for quiet, all goes well without a word; what was said before is kept right. */
function isQuiet({ quiet }: Settings, shown: readonly ShownItem[], malformed: readonly string[]) {
  const isWrong = malformed.length > 0 || shown.some(({ state }) => TOLD_ALWAYS.has(state.is))
  return quiet && !isWrong ? 'if-said' : undefined
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
  place: PullRequestTarget,
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

type Mark = (stamps: readonly JudgedStamp[]) => Promise<ShownStamp[]>

async function show(deps: SyncDeps, { wanted, rest, view }: SyncedItem, mark: Mark): Promise<ShownItem> {
  const title = view.item?.title
  if (rest === 'taken') return { wanted, title, state: { is: rest, holder: view.item?.claimedBy ?? null } }
  if (rest === 'capped') {
    const trustLevel = view.rig?.trustLevel ?? 1
    return { wanted, title, state: { is: rest, trustLevel, cap: capFor(deps.policy.claims, trustLevel) } }
  }
  if (rest === 'rejected' || rest === 'spent')
    return { wanted, title, state: { is: rest, reason: view.rejected ?? '', bounty: view.bounty === true } }
  if (rest === 'not-adopted') {
    const url = readEvidence(view.adopted?.evidence ?? null)?.url
    return { wanted, title, state: { is: rest, by: view.adopted?.completedBy, url } }
  }
  const shares = view.mine === undefined ? [] : await sharesOf(deps, view.mine)
  const reverts = view.mine === undefined ? [] : await standingReverts(deps, view.mine.id)
  if (rest !== 'stamped') return { wanted, title, state: { is: rest }, shares, reverts }
  return {
    wanted,
    title,
    state: { is: rest, stamps: view.mine === undefined ? [] : await mark(await shownStamps(deps, view.mine.id)) },
    shares,
    reverts,
  }
}

/** The stamps on the shares of co-authors. */
async function sharesOf(deps: SyncDeps, { id, wantedId }: Completion): Promise<JudgedStamp[]> {
  const all = await deps.ledger.read((db) => completionsOf(db, wantedId))
  const shares = all.filter((one) => one.parentId === id)
  return (await Promise.all(shares.map((share) => shownStamps(deps, share.id)))).flat()
}
