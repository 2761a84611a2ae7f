import { readTrailers } from '../domain/commit-message.ts'
import { findEvent } from '../events/registry.ts'
import { ask } from '../github/github-answer.ts'
import { type DeliveryAttempt, listDeliveries } from '../github/hook-deliveries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findLook, type ScanCursor, noteMissed, saveLook } from '../operations/tables/missed-deliveries.ts'
import type { Queue } from '../operations/queue/queue.ts'
import { toUuid } from './webhook-endpoint.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { AppAccess } from '../github/client.ts'

export interface FindDeps {
  ledger: Pick<Ledger, 'commitsSince'>
  store: OperationsStore
  queue: Pick<Queue<never>, 'knows'>
  now(): Date
}

/** As long as GitHub keeps deliveries. */
export const KEPT_MS = 3 * 24 * 3_600_000
/** GitHub lists a delivery once it is answered or timed out; its list may lag behind. */
const OVERLAP_MS = 30 * 60_000

/**
 * Looks through GitHub's list of deliveries, from the newest back to where the last look began, and notes those that
 * we act on and that are not in our queue. A look that was interrupted goes on first.
 */
export async function findMissed(deps: FindDeps, github: AppAccess, signal: AbortSignal): Promise<void> {
  const look = (await findLook(deps.store)) ?? (await firstLook(deps))
  const whole = look.cursor === undefined ? look : await resume(deps, github, look, signal)
  if (whole.cursor === undefined) await walk(deps, github, whole, signal)
}

/**
 * A new store beside a ledger that already holds work of ours has lost its queue: every delivery that GitHub still
 * lists must be in the new one. Otherwise nobody was here before, and what GitHub was answered is not our business.
 */
async function firstLook({ ledger, store, now }: FindDeps): Promise<ScanCursor> {
  const { commits } = await ledger.commitsSince(undefined)
  const hadWork = commits.some(({ message }) => readTrailers(message).some((trailers) => trailers.has('Delivery')))
  const since = new Date(now().getTime() - (hadWork ? KEPT_MS : 0))
  const look: ScanCursor = { since, mark: undefined, cursor: undefined, newest: undefined }
  await saveLook(store, look)
  return look
}

/** A cursor of long ago GitHub may refuse: then the list is walked from its beginning. */
async function resume(deps: FindDeps, github: AppAccess, look: ScanCursor, signal: AbortSignal): Promise<ScanCursor> {
  const answer = await ask(walk(deps, github, look, signal))
  return 'known' in answer ? answer.known : { ...look, cursor: undefined, newest: undefined }
}

async function walk(deps: FindDeps, github: AppAccess, begun: ScanCursor, signal: AbortSignal): Promise<ScanCursor> {
  const floor = Math.max(deps.now().getTime() - KEPT_MS, (begun.mark?.getTime() ?? 0) - OVERLAP_MS)
  const arrived = new Set<string>()
  let look = begun
  while (!signal.aborted) {
    const { attempts, next } = await listDeliveries(github, look.cursor, signal)
    const recent = attempts.filter(({ at }) => at.getTime() >= floor)
    await note(deps, recent, look.since, arrived)
    const newest = look.newest ?? attempts[0]?.at
    const isEnd = next === undefined || recent.length < attempts.length
    look = isEnd
      ? { ...look, mark: newest ?? look.mark, cursor: undefined, newest: undefined }
      : { ...look, cursor: next, newest }
    await saveLook(deps.store, look)
    if (isEnd) break
  }
  return look
}

/** A page, newest first. `arrived`: those of before our time that somebody took, with which we have nothing to do. */
async function note(deps: FindDeps, page: readonly DeliveryAttempt[], since: Date, arrived: Set<string>) {
  const ours = page
    .filter(({ event, action }) => findEvent(event, action) !== undefined)
    .map((attempt) => ({ ...attempt, guid: toUuid(attempt.guid) }))
  for (const { guid, ok, at } of ours) if (ok && at < since) arrived.add(guid)
  const known = await deps.queue.knows(ours.map(({ guid }) => guid))
  const missed = new Map<string, Parameters<typeof noteMissed>[1][number]>()
  for (const { guid, id, event, at, ok } of ours) {
    if (known.has(guid) || arrived.has(guid)) continue
    const answered = ok || missed.get(guid)?.answered === true
    missed.set(guid, { guid, attempt: id, event, deliveredAt: at, answered })
  }
  await noteMissed(deps.store, [...missed.values()])
}
