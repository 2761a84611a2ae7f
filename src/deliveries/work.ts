import { randomUUID } from 'node:crypto'
import type { ApplicationFunction, Probot } from 'probot'
import { z } from 'zod'
import { syncAndGiveDeferredStamps } from '../commands/deferred-stamps.ts'
import { EVENTS, findEvent } from '../events/registry.ts'
import type { EventDeps, ReconcileAt } from '../events/event.ts'
import { uuidOf } from '../domain/hash.ts'
import { waitFor } from '../github/github-answer.ts'
import { AccountRefused } from '../github/errors.ts'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import { hasRecheck } from '../operations/tables/rechecks.ts'
import type { Taken } from '../operations/queue/job.ts'
import type { Queue } from '../operations/queue/queue.ts'
import type { Validators } from '../operations/tables/validators.ts'
import { revisitClosing } from '../pull-requests/closing-pulls.ts'
import { stopWaiting } from '../pull-requests/sync-item.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { ourFault } from '../replies/refusals.ts'
import { isAnswered, readSpoken } from './is-answered.ts'
import { withinBudget } from './budget.ts'
import { handleClaim, type ClaimJob } from './due-claims.ts'
import { handleFlag, type FlagJob } from './missing-flags.ts'
import type { ReconcileDeps, Revisit } from './missed.ts'
import type { StoredDelivery } from './webhook-endpoint.ts'
import { handleReconcile, reconcileId } from './reconcile-jobs.ts'
import { handleRevert } from './reverts.ts'
import { missedCommentId } from './missed-comment.ts'
import { readWho, type Who } from './sender.ts'
import type { RevertJob } from '../pull-requests/types.ts'
import type { ClaimDeps } from './claim-deadlines.ts'

/**
 * What lies in the queue: a delivery of GitHub's, a pull request at which we want to look again, a claim that is due,
 * a flag that is missing, a repository to compare with the ledger, or a revert that nobody told us of.
 */
export type Job =
  | { delivery: StoredDelivery }
  | { revisit: Revisit }
  | { claim: ClaimJob }
  | { flag: FlagJob }
  | { reconcile: ReconcileAt }
  | { revert: RevertJob }

/** Stores a delivery under its GUID; one that nobody acts on is not kept, one that is known is not kept twice. */
export async function storeDelivery(
  queue: Queue<Job>,
  deps: Pick<EventDeps, 'invalidate'> & { validators?: Validators },
  delivery: StoredDelivery,
): Promise<void> {
  const event = findEvent(delivery.name, delivery.payload['action'])
  if (event === undefined) return
  await event.notice?.(deps, delivery.payload)
  const who = readWho(delivery)
  const group = who === undefined ? groupOf(installationOf(delivery)) : personGroup(who)
  const first = who !== undefined && deps.validators?.has(who.repository, who.sender.id) === true
  await queue.put({ id: delivery.guid, key: event.key(delivery.payload), group, first, data: { delivery } })
}

function installationOf({ payload }: StoredDelivery): number | undefined {
  return Installed.safeParse(payload).data?.installation.id
}

const Installed = z.object({ installation: z.object({ id: z.number() }) })

/** A person's work is not to keep others' waiting, nor a repository's that of the rest. */
function personGroup({ installation, repository, sender }: Who): string {
  return `${installation}/${repository}/${sender.id}`
}

/** An installation's writes wait for each other; they are not to keep another's work waiting. */
function groupOf(installation: number | null | undefined): string | undefined {
  return installation == null ? undefined : String(installation)
}

/** A look that has not begun sees what the next one would: several who ask for it have one. */
export async function storeRevisit(
  queue: Queue<Job>,
  { installation_id, repository_id, owner, repo, number, released = [] }: Revisit,
): Promise<void> {
  const revisit = { installation_id, repository_id, owner, repo, number, ...(released.length > 0 && { released }) }
  const key = `${repository_id}/${number}`
  await queue.put({ id: randomUUID(), key, group: groupOf(installation_id), joins: true, data: { revisit } })
}

export async function storeClaim(queue: Queue<Job>, id: string, claim: ClaimJob): Promise<void> {
  await queue.put({ id, key: `claim/${claim.wanted_id}`, group: groupOf(claim.installation_id), data: { claim } })
}

/** The Probot app: each event of the table, bound to what we do about it. */
export function bridgeApp(deps: EventDeps): ApplicationFunction {
  return (app) => {
    for (const event of EVENTS) {
      const actions = event.actions.map((action) => `${event.name}.${action}`)
      for (const name of actions.length === 0 ? [event.name] : actions) {
        // Probot types each event by its literal name; ours come from the table.
        app.on(name as 'label.edited', ({ id, payload }) => event.handle(deps, { delivery: id, payload }))
      }
    }
  }
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

/** In the line of what reverts. One of a pull request, and not for the sake of one completion, may come again. */
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
}

interface WorkLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * Does one job to its end: ledger, replies, and only then is it done. Repeating it changes nothing. One whose account
 * refuses us waits for its owner, and uses up no try.
 */
export async function work(deps: WorkDeps, probot: Probot, log: WorkLog, job: Taken<Job>): Promise<void> {
  try {
    await workOnJob(deps, probot, log, job)
  } catch (error) {
    throw error instanceof AccountRefused ? waitFor(error, error) : error
  }
}

async function workOnJob(
  deps: WorkDeps,
  probot: Probot,
  log: WorkLog,
  { id, data, lastTry, deadly }: Taken<Job>,
): Promise<void> {
  // Nothing of it is read again.
  if (deadly) return 'delivery' in data ? apologize(deps, data.delivery) : undefined
  if ('revisit' in data) return revisit(deps, id, data.revisit)
  if ('claim' in data) return handleClaim(deps, id, data.claim)
  if ('flag' in data) return handleFlag(deps, id, data.flag)
  if ('reconcile' in data) return handleReconcile(deps, log, id, data.reconcile)
  if ('revert' in data) return handleRevert(deps, id, data.revert)
  return withinBudget(deps, data.delivery, () => workOn(deps, probot, log, { delivery: data.delivery, lastTry }))
}

async function workOn(
  deps: WorkDeps,
  probot: Probot,
  log: WorkLog,
  { delivery, lastTry }: { delivery: StoredDelivery; lastTry: boolean },
): Promise<void> {
  const { guid, name, payload } = delivery
  const began = Date.now()
  if ((await mayBeAnswered(deps, delivery)) && (await isAnswered(deps, delivery))) return
  try {
    await probot.receive({ id: guid, name, payload } as unknown as Parameters<Probot['receive']>[0])
  } catch (error) {
    const cause = onlyCause(error)
    if (lastTry && !(cause instanceof AccountRefused)) await apologize(deps, delivery).catch(() => {})
    throw cause
  }
  log.info({ delivery: guid, event: name, action: payload['action'], ms: Date.now() - began }, 'delivery: done')
}

/** True of what may have been worked on: GitHub counts it as delivered, or we found it ourselves before it came. */
async function mayBeAnswered({ queue, store, host }: WorkDeps, delivery: StoredDelivery): Promise<boolean> {
  if (delivery.isAnswered === true) return true
  const spoken = readSpoken(delivery)
  if (spoken === undefined) return false
  const found = missedCommentId(store, host, spoken.comment, spoken.at)
  return (await queue.knows([found])).has(found)
}

/** A command that we could not carry out, after every try: its author hears so, and the operator finds the id in the log. */
async function apologize(deps: EventDeps, delivery: StoredDelivery) {
  const spoken = readSpoken(delivery)
  if (spoken === undefined) return
  const { installation, name, number } = spoken
  const thread = { client: await deps.installation(installation), name, number }
  await deps.reply(thread, `failed/${delivery.guid}`, ourFault(delivery.guid))
}

async function revisit(deps: EventDeps, id: string, { released = [], ...at }: Revisit) {
  const client = await deps.installation(at.installation_id)
  const name = { owner: at.owner, repo: at.repo }
  const place = { client, installationId: at.installation_id, name, number: at.number }
  const found = await syncAndGiveDeferredStamps(deps, place, { delivery: id, sender: 'wasteland-bridge', released })
  if (found !== undefined) return
  await stopWaiting(deps, await itemsAt(deps.store, deps.host, at))
  // It may be an issue that was posted, or a pull request that is gone.
  const isGone = (await hasRecheck(deps.store, deps.host, at)) && (await fetchSnapshot(deps, place)) === undefined
  if (isGone) await revisitClosing(deps, { ...place, repositoryId: at.repository_id })
}

/** Probot collects what handlers throw; an event of ours has one handler. */
function onlyCause(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length === 1 ? error.errors[0] : error
}
