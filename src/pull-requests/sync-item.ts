import { revisitCapped } from './revisit-capped.ts'
import type { Admission } from '../authorization/admission.ts'
import { isBounty } from '../domain/bounty.ts'
import type { Completion } from '../domain/completion.ts'
import { commitAuthor } from '../domain/rig.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { findEntry } from '../ledger/tables/bounties.ts'
import { completionsOf, findCompletion } from '../ledger/tables/completions.ts'
import { findRig, findRigOf, handleOf } from '../ledger/tables/rigs.ts'
import { findWanted } from '../ledger/tables/wanted.ts'
import { findClaim } from '../operations/tables/claims.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { contendersFor, type PullRequestItem, saveItem, setCapped } from '../operations/tables/pull-request-items.ts'
import { capFor } from '../reputation/policy.ts'
import type { Trailers } from '../domain/commit-message.ts'
import { gatherWork, type PullRequestEvidence } from './evidence.ts'
import { goalOf, nextStep } from './decide-item-step.ts'
import { mayStillClose } from './closing-issues.ts'
import type { Reference } from './references.ts'
import { notifyCompetingPullRequests } from './competing-pull-requests.ts'
import { isSpent, rejectionOf } from './rejection.ts'
import { completionOf, type StepFacts, takeStep } from './apply-item-step.ts'
import { timesOf } from './event-times.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { Goal, LedgerView, Rest, Step } from './item-state.ts'
import type { SyncItemDeps, SyncableItem, SyncedItem, Cause } from './types.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { claimsOf, describeWanted } from '../ledger/tables/wanted-details.ts'

/** Steps of one item are few; more than these mean that two writers undo each other. */
const MAX_STEPS = 8

/**
 * Syncs the ledger with the pull request, item by item. `keepsUntold`: GitHub does not show whether the pull request
 * still names one of them.
 */
export async function syncItem(
  deps: SyncItemDeps,
  _admission: Admission,
  place: RepositoryRef,
  { snapshot, before: known, named, cause, trailers }: SyncableItem,
): Promise<{ items: SyncedItem[]; malformed: string[]; work: PullRequestEvidence; keepsUntold: boolean }> {
  const { pull } = snapshot
  const ids = new Set([
    ...named.items.map((item) => item.wanted),
    ...known.map((item) => item.wanted_id),
    ...cause.released,
  ])
  const [work, events = []] = await Promise.all([gatherWork(deps, place, snapshot, trailers), snapshot.events()])
  const items: SyncedItem[] = []
  let keepsUntold = false
  for (const wanted of ids) {
    const before = known.find((item) => item.wanted_id === wanted)
    const since = before?.linked === true ? before.linked_at : undefined
    const isNamed = named.items.find((item) => item.wanted === wanted)
    const isUntold = isNamed === undefined && (await mayStillClose(deps, pull, named.links, wanted))
    // Without a stored row nothing is known of the item: it is neither claimed nor released.
    keepsUntold ||= isUntold
    if (isUntold && since === undefined) continue
    const isKept = since !== undefined && (named.unread || isUntold)
    const reference = isNamed ?? (isKept ? { wanted, label: undefined, certain: true } : undefined)
    const followed = await followItem(deps, place, pull, { wanted, reference, before, since, events, work, cause })
    if (followed !== undefined) items.push(followed)
  }
  return { items, malformed: named.malformed, work, keepsUntold }
}

interface ItemFacts {
  wanted: string
  reference: Reference | undefined
  /** The last stored row of the item. */
  before: PullRequestItem | undefined
  /** The time since which it is known to be named. */
  since: Date | string | undefined
  events: Parameters<typeof timesOf>[1]
  work: PullRequestEvidence
  cause: Cause
}

async function followItem(
  deps: SyncItemDeps,
  place: RepositoryRef,
  pull: PullRequest,
  { wanted, reference, before, since, events, work, cause }: ItemFacts,
): Promise<SyncedItem | undefined> {
  const author = pull.author!
  const times = timesOf(pull, events, reference, since)
  const facts: StepFacts = {
    host: deps.host,
    wanted,
    pullRequestId: pull.id,
    author,
    evidence: work.line,
    times,
    trailers: trailersOf(pull, cause),
  }
  const goal = goalOf(pull, reference !== undefined, await isSpent(deps, pull, facts))
  const stands = goal !== 'none' && goal !== 'spent'
  const item: PullRequestItem = {
    host: deps.host,
    pull_request_id: pull.id,
    wanted_id: wanted,
    installation_id: place.installation,
    repository_id: pull.repository.id,
    owner: place.owner,
    repo: place.repo,
    number: pull.number,
    author_id: author.id,
    // A line may be added to an old description: its place in line for the item counts from when it was seen, not from
    // the beginning.
    linked_at: reference?.label === undefined && cause.opened !== pull.body ? (since ?? deps.now()) : times.linked,
    linked: stands,
  }
  // A released item stays linked until the release is written, and is unlinked in the same transaction: another pull
  // request of the author may release it, too.
  const isNew = stands && (await saveItem(deps.store, item, before))
  // Most syncs find the ledger as it should be. A release that runs now may not have seen a pull request that is new in
  // line for the item: such a sync is decided in a transaction, after that release.
  const decided = stands && !isNew ? deps.ledger.readThenWrite : deps.ledger.transact
  let freed = false
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    type ItemOutcome = { step: Step } | { rest: Rest; view: LedgerView }
    const { value } = await decided<ItemOutcome>(async (db) => {
      const [view, declined] = await Promise.all([
        readView(deps, db, facts, goal, before?.linked === false),
        // Read in the transaction: they may have declined while the requests to GitHub ran.
        deps.optOuts.has(deps.host, author.id),
      ])
      const next = nextStep(declined ? 'none' : goal, view, work.line)
      if ('rest' in next) {
        const linked = stands && !declined
        if (!linked) await saveItem(deps.store, { ...item, linked })
        return { value: { ...next, view } }
      }
      const result = await takeStep(db, next.step, view, facts)
      return { ...result, value: { step: next.step } }
    })
    if ('step' in value) {
      freed ||= FREES.has(value.step)
      continue
    }
    if (value.rest === 'stamped') await note(deps, pull, facts)
    if (freed) await revisitCapped(deps, author.id)
    if (value.rest === 'capped')
      await setCapped(deps.store, { host: deps.host, pull_request_id: pull.id, wanted_id: wanted })
    // Decided by the state, not by this run's steps: a crash between the commit and the refresh loses nothing.
    if (value.view.bounty === true) await notifyCompetingPullRequests(deps, facts, value.view)
    else if (value.view.item?.status === 'open') await inviteNext(deps, facts)
    const meant = value.rest !== 'unknown' || reference?.certain === true
    return meant ? { wanted, rest: value.rest, view: value.view } : undefined
  }
  throw new Error(`the item ${wanted} does not come to rest`)
}

/** Steps after which their author holds one claim less. */
const FREES: ReadonlySet<Step> = new Set(['done', 'withdraw', 'unclaim'])

async function readView(
  deps: SyncItemDeps,
  db: CommonsDb,
  facts: StepFacts,
  goal: Goal,
  letGoBefore: boolean,
): Promise<LedgerView> {
  // What is asked at once is one statement, so all is asked that may be needed.
  const handle = await handleOf(db, deps.host, facts.author)
  const id = handle === undefined ? undefined : completionOf(facts, { handle })
  const [item, rig, held, submitted, entered, contenders] = await Promise.all([
    describeWanted(db, facts.wanted),
    handle === undefined ? undefined : findRig(db, handle),
    handle === undefined ? [] : claimsOf(db, handle),
    id === undefined ? undefined : findCompletion(db, id),
    id === undefined ? undefined : findEntry(db, facts.wanted, id),
    contendersFor(deps.store, facts.wanted),
  ])
  const mine = rig && submitted
  const isStamped = mine !== undefined && mine.stampId !== null
  const entry = rig && !isStamped ? entered : undefined
  const bounty = item !== undefined && isBounty(item)
  const isThis = (other: PullRequestItem) => other.host === facts.host && other.pull_request_id === facts.pullRequestId
  const asksWhy = item?.status === 'claimed' || item?.status === 'open' || goal === 'spent'
  const rejected = asksWhy && rig !== undefined ? await rejectionOf(deps, facts, rig) : undefined
  const isByCommand =
    letGoBefore && rig !== undefined && (await findClaim(deps.store, facts.wanted))?.rig === rig.handle
  return {
    item,
    rig,
    mine: entry ?? mine,
    entered: entry !== undefined,
    bounty,
    adopted: bounty && item.status === 'completed' ? await adoptedOf(db, item.id) : undefined,
    claimedApart: letGoBefore && (isByCommand || rejected !== undefined),
    capped: (rig === undefined ? 0 : held.length) >= capFor(deps.policy.claims, rig?.trustLevel ?? 1),
    olderWaits: contenders.findIndex(isThis) > 0,
    heldElsewhere: contenders.some((other) => !isThis(other) && other.author_id === facts.author.id),
    rejected,
  }
}

async function adoptedOf(db: CommonsDb, wanted: string): Promise<Completion | undefined> {
  return (await completionsOf(db, wanted)).find((one) => one.parentId == null && one.stampId !== null)
}

/** True for a pull request whose work on the item is stamped: the stamp stays, and so does the status comment. */
export async function hasStampedWork({ ledger, host }: SyncItemDeps, item: PullRequestItem): Promise<boolean> {
  return ledger.read(async (db) => {
    const rig = await findRigOf(db, host, { id: item.author_id, login: '' })
    const about = { host, pullRequestId: item.pull_request_id, wanted: item.wanted_id }
    const completion = rig && (await findCompletion(db, completionOf(about, rig)))
    return completion !== undefined && completion.stampId !== null
  })
}

/**
 * Takes a pull request that can have no item any more (its author, its repository or our right to it is gone) out of
 * the line for its items, and refreshes the next one.
 */
export async function stopWaiting(deps: SyncItemDeps, items: readonly PullRequestItem[]): Promise<void> {
  for (const item of items) {
    if (item.linked) await saveItem(deps.store, { ...item, linked: false })
    const wanted = await deps.ledger.read((db) => findWanted(db, item.wanted_id))
    if (wanted?.status === 'open')
      await inviteNext(deps, { wanted: item.wanted_id, pullRequestId: item.pull_request_id })
  }
}

/** Refreshes the pull request that has waited longest for an item that is open again. */
async function inviteNext(deps: SyncItemDeps, facts: Pick<StepFacts, 'wanted' | 'pullRequestId'>) {
  const next = (await contendersFor(deps.store, facts.wanted)).find(
    (other) => other.pull_request_id !== facts.pullRequestId,
  )
  if (next !== undefined) await deps.revisit(next)
}

/**
 * Notes the merge or the closing of a stamped pull request in an empty commit, once: after the first stamp nothing
 * moves the item.
 */
async function note(deps: SyncItemDeps, pull: PullRequest, facts: StepFacts) {
  const happened = pull.merged
    ? { id: `merged/${pull.mergeSha ?? ''}`, trailers: { Merged: pull.mergeSha ?? '' } }
    : pull.closedAt === undefined
      ? undefined
      : { id: `closed/${pull.closedAt}`, trailers: { Closed: pull.closedAt } }
  if (happened === undefined) return
  const command = `${deps.host}/pull_request/${pull.id}/${facts.wanted}/${happened.id}`
  await deps.ledger.transact(async (db) => {
    const rig = await findRigOf(db, deps.host, facts.author)
    const completion = rig && (await findCompletion(db, completionOf(facts, rig)))
    const frozen = completion?.evidence.includes(` merge=${pull.mergeSha}`) === true
    if (frozen || (await commandHasRun(deps.store, deps.ledger, command))) return { value: undefined }
    const trailers = { ...facts.trailers, ...happened.trailers, Command: command }
    return {
      value: undefined,
      commit: { author: commitAuthor(facts.author), subject: `wl note: ${facts.wanted}`, trailers, empty: true },
    }
  })
}

function trailersOf(pull: PullRequest, cause: Cause): Trailers {
  return { Delivery: cause.delivery, Sender: cause.sender, 'Pull-Request': pull.url, Head: pull.headSha }
}
