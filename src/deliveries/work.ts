import { randomUUID } from 'node:crypto'
import { syncAndGiveDeferredStamps } from '../commands/deferred-stamps.ts'
import { UserError } from '../domain/errors.ts'
import type { ForgeEvent } from '../events/forge-event.ts'
import { handle, keyOf, notice } from '../events/registry.ts'
import type { EventDeps, ReconcileAt } from '../events/event.ts'
import { uuidOf } from '../domain/hash.ts'
import { waitFor } from '../github/github-answer.ts'
import { AccountRefused } from '../github/errors.ts'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import { repositoryAt } from '../operations/tables/repository-names.ts'
import { hasRecheck } from '../operations/tables/rechecks.ts'
import type { Taken } from '../operations/queue/job.ts'
import type { Queue } from '../operations/queue/queue.ts'
import type { Validators } from '../operations/tables/validators.ts'
import { revisitClosing } from '../pull-requests/closing-pulls.ts'
import { stopWaiting } from '../pull-requests/sync-item.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { ourFault } from '../replies/refusals.ts'
import { isAnswered, readSpoken, type SpokenCommand } from './is-answered.ts'
import { withinBudget } from './budget.ts'
import { handleClaim, type ClaimJob } from './due-claims.ts'
import { handleFlag, type FlagJob } from './missing-flags.ts'
import type { ReconcileDeps, Revisit } from './missed.ts'
import { type Delivery, readableEvent, readDelivery, readStored, type StoredEvent } from './stored-event.ts'
import { handleReconcile, reconcileId } from './reconcile-jobs.ts'
import { handleRevert } from './reverts.ts'
import { missedCommentId } from './missed-comment.ts'
import { readWho, type Who } from './sender.ts'
import type { RevertJob } from '../pull-requests/types.ts'
import type { ClaimDeps } from './claim-deadlines.ts'

/**
 * The payload of a job: an event, a pull request to refresh, a claim that is due, a flag that is missing, a repository
 * to compare with the ledger, or a revert that no delivery told us of.
 */
export type Job =
  | StoredEvent
  | { revisit: Revisit }
  | { claim: ClaimJob }
  | { flag: FlagJob }
  | { reconcile: ReconcileAt }
  | { revert: RevertJob }

type StoreDeps = Pick<EventDeps, 'invalidate'> & { validators?: Validators }

/**
 * Enqueues a delivery under its GUID. One that we do not handle is not stored, and one that is known is not stored
 * twice.
 */
export async function storeDelivery(queue: Queue<Job>, deps: StoreDeps, delivery: Delivery): Promise<void> {
  let event: ForgeEvent | undefined
  try {
    event = readDelivery(delivery)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // The event may have changed permissions. The job throws the error again, which says why the delivery cannot be
    // read.
    await deps.invalidate()
    await queue.put({ id: delivery.guid, key: 'unreadable', data: { delivery } })
  }
  if (event !== undefined) await storeEvent(queue, deps, event, delivery.isAnswered === true)
}

/** Enqueues an event under the GUID of its delivery. */
export async function storeEvent(
  queue: Queue<Job>,
  deps: StoreDeps,
  event: ForgeEvent,
  isAnswered: boolean,
): Promise<void> {
  await notice(deps, event)
  const who = readWho(event)
  const group = who === undefined ? groupOf(event.installation) : personGroup(who)
  const first = who !== undefined && deps.validators?.has(who.repository, who.sender.id) === true
  const data = { event, ...(isAnswered && { isAnswered }) }
  await queue.put({ id: event.delivery, key: keyOf(event), group, first, data })
}

/**
 * The fairness group of a person in a repository: their jobs must not keep those of others waiting, nor one repository
 * those of another.
 */
function personGroup({ installation, repository, sender }: Who): string {
  return `${installation}/${repository}/${sender.id}`
}

/**
 * The fairness group of an installation: its writes to GitHub wait for each other, and must not keep the jobs of
 * another installation waiting.
 */
function groupOf(installation: number | null | undefined): string | undefined {
  return installation == null ? undefined : String(installation)
}

/**
 * Milliseconds by which a refresh for an event that comes in bursts is delayed: each check that ends is an event, and
 * many end within a second or two.
 */
const BURST_MS = 1_000

/** Enqueues a refresh that later ones join for a second, which they do not extend. */
export async function storeCoalescedRevisit(queue: Queue<Job>, at: Revisit): Promise<void> {
  await storeRevisit(queue, at, BURST_MS)
}

/**
 * Enqueues a refresh of a pull request. It is deduplicated: a refresh that has not begun does for all who request one.
 */
export async function storeRevisit(
  queue: Queue<Job>,
  { installation_id, repository_id, owner, repo, number, released = [] }: Revisit,
  delayMs = 0,
): Promise<void> {
  const revisit = { installation_id, repository_id, owner, repo, number, ...(released.length > 0 && { released }) }
  const key = `${repository_id}/${number}`
  await queue.put({ id: randomUUID(), key, group: groupOf(installation_id), joins: true, delayMs, data: { revisit } })
}

export async function storeClaim(queue: Queue<Job>, id: string, claim: ClaimJob): Promise<void> {
  await queue.put({ id, key: `claim/${claim.wanted_id}`, group: groupOf(claim.installation_id), data: { claim } })
}

export async function storeFlag(queue: Queue<Job>, id: string, flag: FlagJob): Promise<void> {
  await queue.put({ id, key: `flag/${flag.stamp}`, data: { flag } })
}

export async function storeReconcile(
  queue: Queue<Job>,
  wasteland: string,
  at: ReconcileAt,
  why: Parameters<typeof reconcileId>[2],
): Promise<void> {
  const of = 'repository_id' in at ? at.repository_id : `all of ${at.installation_id}`
  const id = reconcileId(wasteland, at, why)
  await queue.put({ id, key: `${of}/reconcile`, group: groupOf(at.installation_id), data: { reconcile: at } })
}

/**
 * Enqueues a revert, under the key of the pull request that reverts, or of the repository for a commit. The revert by a
 * pull request may be enqueued again, unless it is for one completion (`about`).
 */
export async function storeRevert(queue: Queue<Job>, wasteland: string, job: RevertJob, about?: string): Promise<void> {
  const group = groupOf(job.installation_id)
  const [line, reverting] = 'number' in job ? [job.number, job.number] : ['repository', job.sha]
  const isOnce = 'sha' in job || about !== undefined
  const id = isOnce ? uuidOf(['revert', wasteland, job.repository_id, reverting, about ?? '']) : randomUUID()
  await queue.put({ id, key: `${job.repository_id}/${line}`, group, data: { revert: job } })
}

export interface WorkDeps extends ClaimDeps, ReconcileDeps {
  validators: Validators
  revisit(at: Revisit): Promise<void>
  /** Enqueues a delivery of GitHub's. */
  receive(delivery: Delivery): Promise<void>
}

interface WorkLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * Runs a job to its end: it is done only once ledger and replies are written. It is idempotent: repeating it changes
 * nothing. A job whose account refuses us waits for the owner of the account, and uses up no retry.
 */
export async function work(deps: WorkDeps, log: WorkLog, job: Taken<Job>): Promise<void> {
  try {
    await workOnJob(deps, log, job)
  } catch (error) {
    throw error instanceof AccountRefused ? waitFor(error, error) : error
  }
}

async function workOnJob(deps: WorkDeps, log: WorkLog, { id, data, lastTry, deadly }: Taken<Job>): Promise<void> {
  if ('revisit' in data) return deadly ? undefined : revisit(deps, id, data.revisit)
  if ('claim' in data) return deadly ? undefined : handleClaim(deps, id, data.claim)
  if ('flag' in data) return deadly ? undefined : handleFlag(deps, id, data.flag)
  if ('reconcile' in data) return deadly ? undefined : handleReconcile(deps, log, id, data.reconcile)
  if ('revert' in data) return deadly ? undefined : handleRevert(deps, id, data.revert)
  // Processes died of this job, so none of its text is parsed again.
  if (deadly) return apologize(deps, readableEvent(data))
  const { event, isAnswered } = readStored(data)
  if (event !== undefined) return withinBudget(deps, event, () => workOn(deps, log, { event, isAnswered, lastTry }))
}

async function workOn(
  deps: WorkDeps,
  log: WorkLog,
  { event, isAnswered: mayBe, lastTry }: { event: ForgeEvent; isAnswered: boolean; lastTry: boolean },
): Promise<void> {
  const began = Date.now()
  const spoken = readSpoken(event)
  if (spoken !== undefined && (mayBe || (await wasFound(deps, spoken))) && (await isAnswered(deps, spoken))) return
  try {
    await handle(deps, event)
  } catch (error) {
    if (lastTry && !(error instanceof AccountRefused)) await apologize(deps, event).catch(() => {})
    throw error
  }
  const [name, action] = event.name.split('.')
  log.info({ delivery: event.delivery, event: name, action, ms: Date.now() - began }, 'delivery: done')
}

/** True for a command that recovery enqueued before its delivery arrived. */
async function wasFound({ queue, store, host }: WorkDeps, { comment, at }: SpokenCommand): Promise<boolean> {
  const found = missedCommentId(store, host, comment, at)
  return (await queue.knows([found])).has(found)
}

/** Tells the author of a command that it could not be run, after every retry. The operator finds the id in the log. */
async function apologize(deps: EventDeps, event: ForgeEvent | undefined) {
  const spoken = event && readSpoken(event)
  if (event === undefined || spoken === undefined) return
  await deps.reply(spoken.thread, `failed/${event.delivery}`, ourFault(event.delivery))
}

async function revisit(deps: EventDeps, id: string, { released = [], ...at }: Revisit) {
  const place = { ...repositoryAt(at), number: at.number }
  const found = await syncAndGiveDeferredStamps(deps, place, { delivery: id, sender: 'wasteland-bridge', released })
  if (found !== undefined) return
  await stopWaiting(deps, await itemsAt(deps.store, deps.host, at))
  // The number may be that of an issue that was posted, or of a pull request that is gone.
  const isGone = (await hasRecheck(deps.store, deps.host, at)) && (await fetchSnapshot(deps, place)) === undefined
  if (isGone) await revisitClosing(deps, place, at.repository_id)
}
