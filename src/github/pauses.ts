import { Unavailable } from '../domain/errors.ts'
import { GitHubRefused, Limited } from './errors.ts'

/** Where a request goes. */
export interface Place {
  /** Whose limits count: an installation, or the App itself. */
  account: number | 'app'
  /** `owner/repo`, where the request names one. */
  repository: string | undefined
  write: boolean
}

/** Not asked at all: what was heard a moment ago still holds. */
export class Paused extends Unavailable {
  override name = 'Paused'
}

export interface Pauses {
  /** Throws Paused while its account or its repository pauses. */
  check(place: Place): void
  /** The same for its account alone. */
  checkAccount(place: Place): void
  /** GitHub answered, be it with a refusal. `until`: it will not before this, in milliseconds. */
  answered(place: Place, until?: number): void
  failed(place: Place, fault: unknown): void
}

interface Pause {
  until: number
  /** How long it lasts; the next is twice as long. */
  ms: number
  /** Over, and one request is under way to see whether GitHub answers again. */
  tried: boolean
}

const FIRST_MS = 500
const LONGEST_MS = 60_000
/** Of a limit without a time. */
const FIRST_LIMIT_MS = 60_000
const LONGEST_LIMIT_MS = 3_600_000
/** While one request tries, the others wait for so long. */
const TRY_MS = 2_000
/** More than so many and those that are over are swept out. */
const MANY = 1_000

/**
 * What GitHub is not asked for a while, so that no work stands and waits for an answer that will not come.
 *
 * - An account that was told to wait: anything, until then. Whoever goes on asking may lose the App. Without a time
 *   a minute, and twice as long each time that it is told so again at once.
 * - A repository that GitHub has no answer for: half a second, then twice as long each time. Then one request tries
 *   and the others wait for it. Writes apart, and `writeMs` at first: the answer was lost and not the write perhaps,
 *   which must show in GitHub's lists before we look there whether to write again.
 */
export function createPauses(writeMs: number): Pauses {
  const pauses = new Map<string, Pause>()

  function pause(key: string, until: number, ms: number) {
    if (pauses.size > MANY) for (const [other, { until: end }] of pauses) if (end < Date.now()) pauses.delete(other)
    pauses.set(key, { until, ms, tried: false })
  }

  function checkAccount({ account }: Place) {
    const told = pauses.get(String(account))
    if (told !== undefined && told.until > Date.now()) throw paused(told)
  }

  function answered(place: Place, until?: number) {
    pauses.delete(laneOf(place) ?? '')
    const key = String(place.account)
    if (until !== undefined) pause(key, until, 0)
    else if ((pauses.get(key)?.until ?? Infinity) <= Date.now()) pauses.delete(key)
  }

  function limited({ account }: Place, { named, retryAt }: Limited) {
    const { until = 0, ms: before = 0 } = pauses.get(String(account)) ?? {}
    if (named) return pause(String(account), Math.max(retryAt!.getTime(), until), before)
    // Others were under way when the first was told.
    if (until > Date.now()) return
    const ms = Math.min(Math.max(FIRST_LIMIT_MS, before * 2), LONGEST_LIMIT_MS)
    pause(String(account), Date.now() + ms, ms)
  }

  function unanswered(place: Place) {
    const lane = laneOf(place)
    if (lane === undefined) return
    const last = pauses.get(lane)
    if (last !== undefined && last.until > Date.now() && !last.tried) return
    const first = place.write ? writeMs : FIRST_MS
    const ms = last === undefined ? first : Math.min(last.ms * 2, LONGEST_MS)
    pause(lane, Date.now() + ms, ms)
  }

  return {
    checkAccount,
    check(place) {
      checkAccount(place)
      const down = pauses.get(laneOf(place) ?? '')
      if (down === undefined) return
      if (down.until > Date.now()) throw paused(down)
      down.until = Date.now() + TRY_MS
      down.tried = true
    },
    answered,
    failed(place, fault) {
      if (fault instanceof Paused) return
      if (fault instanceof Limited) limited(place, fault)
      else if (fault instanceof GitHubRefused) answered(place)
      else if (fault instanceof Unavailable) unanswered(place)
    },
  }
}

function laneOf({ repository, write }: Place): string | undefined {
  return repository && `${repository} ${write ? 'writes' : 'reads'}`
}

function paused({ until }: Pause): Paused {
  return new Paused('GitHub is not asked for a while', { retryAt: new Date(until) })
}
