import { Unavailable } from '../domain/errors.ts'
import { GitHubRefused, Limited } from './errors.ts'

/** The account and repository that a request counts for. */
export interface RequestTarget {
  /** The account whose rate limits count: an installation, or the App itself. */
  account: number | 'app'
  /** `owner/repo`, where the request names one. */
  repository: string | undefined
  write: boolean
}

/** The request was not sent, because GitHub's last failure still holds. */
export class CircuitOpen extends Unavailable {
  override name = 'CircuitOpen'
}

export interface CircuitBreaker {
  /** Throws CircuitOpen while the circuit of its account or of its repository is open. */
  check(target: RequestTarget): void
  /** The same for the account alone. */
  checkAccount(target: RequestTarget): void
  /**
   * Records an answer of GitHub's; a refusal counts too. `until`: GitHub asks for no requests before this time, in
   * milliseconds since 1970.
   */
  answered(target: RequestTarget, until?: number): void
  failed(target: RequestTarget, fault: unknown): void
}

interface OpenCircuit {
  until: number
  /** How long the circuit stays open, in milliseconds; doubled at the next failure. */
  ms: number
  /** Half open: one request probes whether GitHub answers again. */
  probing: boolean
}

const FIRST_MS = 500
const LONGEST_MS = 60_000
/** How long a circuit opens, in milliseconds, for a rate limit without a time. */
const FIRST_LIMIT_MS = 60_000
const LONGEST_LIMIT_MS = 3_600_000
/** How long, in milliseconds, the other requests wait for the probe. */
const TRY_MS = 2_000
/** Above this number the closed ones are dropped. */
const MANY = 1_000

/**
 * Circuit breakers per account and per repository, so that no job waits for an answer that will not come.
 *
 * - Rate limit of an account: nothing is sent until the time that GitHub named; an App that goes on sending may be
 *   banned. Without a named time the circuit opens for a minute, and twice as long for each limit that follows at once.
 * - Timeouts and 5xx of a repository: the circuit opens for half a second, then twice as long each time. Then one request
 *   probes and the others wait for it. Writes have a circuit of their own that opens for `writeMs` at first: the write
 *   may have succeeded though its answer was lost, and must show in GitHub's lists before we decide to write again.
 */
export function createCircuitBreaker(writeMs: number): CircuitBreaker {
  const open = new Map<string, OpenCircuit>()

  function trip(key: string, until: number, ms: number) {
    if (open.size > MANY) for (const [other, { until: end }] of open) if (end < Date.now()) open.delete(other)
    open.set(key, { until, ms, probing: false })
  }

  function checkAccount({ account }: RequestTarget) {
    const limit = open.get(String(account))
    if (limit !== undefined && limit.until > Date.now()) throw circuitOpen(limit)
  }

  function answered(target: RequestTarget, until?: number) {
    const circuit = circuitOf(target) ?? ''
    const { until: end = 0, probing = true } = open.get(circuit) ?? {}
    // A write that was under way already says nothing of the one whose answer was lost.
    if (!target.write || probing || end <= Date.now()) open.delete(circuit)
    const key = String(target.account)
    if (until !== undefined) trip(key, until, 0)
    else if ((open.get(key)?.until ?? Infinity) <= Date.now()) open.delete(key)
  }

  function limited({ account }: RequestTarget, { named, retryAt }: Limited) {
    const { until = 0, ms: before = 0 } = open.get(String(account)) ?? {}
    if (named) return trip(String(account), Math.max(retryAt!.getTime(), until), before)
    // Requests that were under way when the first one hit the limit count as one failure.
    if (until > Date.now()) return
    const ms = Math.min(Math.max(FIRST_LIMIT_MS, before * 2), LONGEST_LIMIT_MS)
    trip(String(account), Date.now() + ms, ms)
  }

  function unanswered(target: RequestTarget) {
    const circuit = circuitOf(target)
    if (circuit === undefined) return
    const last = open.get(circuit)
    if (last !== undefined && last.until > Date.now() && !last.probing) return
    const first = target.write ? writeMs : FIRST_MS
    const ms = last === undefined ? first : Math.min(last.ms * 2, LONGEST_MS)
    trip(circuit, Date.now() + ms, ms)
  }

  return {
    checkAccount,
    check(target) {
      checkAccount(target)
      const down = open.get(circuitOf(target) ?? '')
      if (down === undefined) return
      if (down.until > Date.now()) throw circuitOpen(down)
      down.until = Date.now() + TRY_MS
      down.probing = true
    },
    answered,
    failed(target, fault) {
      if (fault instanceof CircuitOpen) return
      if (fault instanceof Limited) limited(target, fault)
      else if (fault instanceof GitHubRefused) answered(target)
      else if (fault instanceof Unavailable) unanswered(target)
    },
  }
}

function circuitOf({ repository, write }: RequestTarget): string | undefined {
  return repository && `${repository} ${write ? 'writes' : 'reads'}`
}

function circuitOpen({ until }: OpenCircuit): CircuitOpen {
  return new CircuitOpen('GitHub is not asked for a while', { retryAt: new Date(until) })
}
