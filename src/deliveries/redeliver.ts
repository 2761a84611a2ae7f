import { Unavailable } from '../domain/errors.ts'
import { ask } from '../github/github-answer.ts'
import { getPayload, redeliver } from '../github/hook-deliveries.ts'
import {
  dropMissed,
  dropLost,
  listMissed,
  markAsked,
  markLost,
  type MissedDelivery,
  unmarkAsked,
} from '../operations/tables/missed-deliveries.ts'
import { findMissed, type FindDeps, KEPT_MS } from './find-missed.ts'
import type { Delivery } from './stored-event.ts'
import { readJson } from './webhook-endpoint.ts'
import type { AppAccess } from '../github/client.ts'

/**
 * Dependencies of the recovery of missed deliveries. Those that are not in our queue are found in GitHub's list, and
 * are redelivered or fetched.
 *
 * missed → asked → fetched → lost
 *
 * For a delivery that failed, a redelivery is requested: at once, then with growing delays while it fails. A delivery
 * that failed each time is fetched; so is one that somebody else acknowledged in our place (a proxy while we were down,
 * or a queue that was lost since). Its payload is in GitHub's list, and no webhook is needed for that. A delivery that
 * GitHub does not give is lost. Its row is stored before the request to GitHub, and removed when the delivery is in the
 * queue, so that neither a restart nor a second process requests it twice. The oldest comes first, because commands
 * have an order.
 */
export interface RedeliverDeps extends FindDeps, AppAccess {
  receive(delivery: Delivery): Promise<void>
}

export interface RedeliverOptions {
  /** Whether the webhook endpoint is up; without it, deliveries are fetched and no redelivery is requested. */
  listening: boolean
  /** A person waits for the result: a failed delivery is requested again after a minute, whatever its delay is. */
  urgent: boolean
  /** Ends the run between two deliveries. */
  signal: AbortSignal
}

/** The result of one run, in numbers of deliveries. */
export interface Redelivered {
  asked: number
  fetched: number
  /** Requested before, and given time to arrive. */
  waiting: number
  /** GUIDs of deliveries that GitHub did not give, in this run and in those before. */
  lost: { now: string[]; before: string[] }
  /** The error that ended the run early; the next run goes on there. */
  stopped?: unknown
}

/** Milliseconds that a delivery has to arrive after the first, second and third request; then it is fetched. */
const RETRY_AFTER_MS = [5 * 60_000, 30 * 60_000, 2 * 3_600_000] as const
const LONGEST_MS = RETRY_AFTER_MS[2]
const URGENT_MS = 60_000

/** Finds missed deliveries and brings them into the queue, as far as it gets. */
export async function bringMissed(deps: RedeliverDeps, options: RedeliverOptions): Promise<Redelivered> {
  const done: Redelivered = { asked: 0, fetched: 0, waiting: 0, lost: { now: [], before: [] } }
  try {
    await findMissed(deps, deps, options.signal)
    await bring(deps, options, done)
    await dropLost(deps.store, new Date(deps.now().getTime() - KEPT_MS))
    return done
  } catch (stopped) {
    return { ...done, stopped }
  }
}

async function bring(deps: RedeliverDeps, options: RedeliverOptions, done: Redelivered) {
  const noted = await listMissed(deps.store)
  const known = await deps.queue.knows(noted.map(({ guid }) => guid))
  await dropMissed(deps.store, [...known])
  for (const missed of noted.filter(({ guid }) => !known.has(guid))) {
    if (options.signal.aborted) break
    const step = nextStep(missed, deps.now(), options)
    if (step === 'lost') done.lost.before.push(missed.guid)
    else if (step === 'wait' || !(await markAsked(deps.store, missed, deps.now()))) done.waiting++
    else {
      const outcome = await take(deps, missed, step, options.signal)
      if (outcome === 'lost') done.lost.now.push(missed.guid)
      else done[outcome]++
    }
  }
}

/** The next step for a delivery that is not in our queue. */
export function nextStep(
  { answered, asked, askedAt, lost }: Pick<MissedDelivery, 'answered' | 'asked' | 'askedAt' | 'lost'>,
  now: Date,
  { listening, urgent }: Pick<RedeliverOptions, 'listening' | 'urgent'>,
): 'ask' | 'fetch' | 'wait' | 'lost' {
  if (lost) return 'lost'
  const delay = RETRY_AFTER_MS[asked - 1] ?? LONGEST_MS
  const due = (askedAt?.getTime() ?? -Infinity) + (urgent ? Math.min(delay, URGENT_MS) : delay)
  if (now.getTime() < due) return 'wait'
  return answered || !listening || asked >= RETRY_AFTER_MS.length ? 'fetch' : 'ask'
}

async function take(
  deps: RedeliverDeps,
  missed: MissedDelivery,
  step: 'ask' | 'fetch',
  signal: AbortSignal,
): Promise<'asked' | 'fetched' | 'lost'> {
  try {
    if (step === 'ask' && (await isSentAgain(deps, missed, signal))) return 'asked'
    const answer = await ask(getPayload(deps, missed.attempt, signal))
    const payload = 'known' in answer ? readJson(answer.known ?? '') : undefined
    if (payload !== undefined) {
      await deps.receive({ guid: missed.guid, name: missed.event, payload, isAnswered: missed.answered })
      await dropMissed(deps.store, [missed.guid])
      return 'fetched'
    }
  } catch (error) {
    // Where GitHub tells us to wait, it has sent nothing. Where it gives no answer, nobody knows whether it has.
    if (error instanceof Unavailable && error.retryAt !== undefined) await unmarkAsked(deps.store, missed)
    throw error
  }
  await markLost(deps.store, missed.guid)
  return 'lost'
}

/** Requests a redelivery; false where GitHub refuses, and may still give the payload. */
async function isSentAgain(github: AppAccess, { attempt }: MissedDelivery, signal: AbortSignal): Promise<boolean> {
  return 'known' in (await ask(redeliver(github, attempt, signal)))
}

interface JobLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * The scheduled job of a running bridge, which finds missed deliveries. It waits as long as GitHub says, and logs what
 * it did.
 */
export function createRedeliverJob(deps: RedeliverDeps, log: JobLog): (signal: AbortSignal) => Promise<void> {
  let notBefore = 0
  return async (signal) => {
    if (Date.now() < notBefore) return
    const { asked, fetched, lost, stopped } = await bringMissed(deps, { listening: true, urgent: false, signal })
    if (asked + fetched > 0) log.info({ asked, fetched }, 'deliveries: missed ones are brought in')
    if (lost.now.length > 0)
      log.warn({ lost: lost.now.length, deliveries: lost.now }, 'deliveries: GitHub does not give these again')
    if (stopped instanceof Unavailable) notBefore = stopped.retryAt?.getTime() ?? 0
    if (stopped !== undefined) throw stopped
  }
}
