import { readTrailers } from '../domain/commit-message.ts'
import { findEvent } from '../events/registry.ts'
import { ask } from '../github/github-answer.ts'
import { type DeliveryAttempt, listDeliveries } from '../github/hook-deliveries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findScanCursor, type ScanCursor, noteMissed, saveScanCursor } from '../operations/tables/missed-deliveries.ts'
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

/** Milliseconds for which GitHub keeps deliveries. */
export const KEPT_MS = 3 * 24 * 3_600_000
/**
 * Milliseconds by which a scan overlaps the one before it: GitHub lists a delivery once it is answered or timed out,
 * and its list may lag behind.
 */
const OVERLAP_MS = 30 * 60_000

/**
 * Scans GitHub's list of deliveries page by page (pagination), from the newest back to where the last scan began, and
 * stores those that we handle and that are not in our queue. A scan that was interrupted is resumed first.
 */
export async function findMissed(deps: FindDeps, github: AppAccess, signal: AbortSignal): Promise<void> {
  const scan = (await findScanCursor(deps.store)) ?? (await beginScan(deps))
  const whole = scan.cursor === undefined ? scan : await resume(deps, github, scan, signal)
  if (whole.cursor === undefined) await walk(deps, github, whole, signal)
}

/**
 * The cursor of the first scan. A new store beside a ledger that already has commits of ours has lost its queue: then
 * every delivery that GitHub still lists must be in the new one. Otherwise no bridge was here before, and deliveries
 * that somebody else acknowledged are ignored.
 */
async function beginScan({ ledger, store, now }: FindDeps): Promise<ScanCursor> {
  const { commits } = await ledger.commitsSince(undefined)
  const hadWork = commits.some(({ message }) => readTrailers(message).some((trailers) => trailers.has('Delivery')))
  const since = new Date(now().getTime() - (hadWork ? KEPT_MS : 0))
  const scan: ScanCursor = { since, mark: undefined, cursor: undefined, newest: undefined }
  await saveScanCursor(store, scan)
  return scan
}

/** Resumes an interrupted scan. GitHub may refuse an old cursor: then the scan begins at the start of the list. */
async function resume(deps: FindDeps, github: AppAccess, scan: ScanCursor, signal: AbortSignal): Promise<ScanCursor> {
  const answer = await ask(walk(deps, github, scan, signal))
  return 'known' in answer ? answer.known : { ...scan, cursor: undefined, newest: undefined }
}

async function walk(deps: FindDeps, github: AppAccess, begun: ScanCursor, signal: AbortSignal): Promise<ScanCursor> {
  const floor = Math.max(deps.now().getTime() - KEPT_MS, (begun.mark?.getTime() ?? 0) - OVERLAP_MS)
  const arrived = new Set<string>()
  let scan = begun
  while (!signal.aborted) {
    const { attempts, next } = await listDeliveries(github, scan.cursor, signal)
    const recent = attempts.filter(({ at }) => at.getTime() >= floor)
    await note(deps, recent, scan.since, arrived)
    const newest = scan.newest ?? attempts[0]?.at
    const isEnd = next === undefined || recent.length < attempts.length
    scan = isEnd
      ? { ...scan, mark: newest ?? scan.mark, cursor: undefined, newest: undefined }
      : { ...scan, cursor: next, newest }
    await saveScanCursor(deps.store, scan)
    if (isEnd) break
  }
  return scan
}

/**
 * Stores the missed deliveries of a page, newest first. `arrived`: deliveries from before our time that somebody
 * acknowledged, which are ignored.
 */
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
