import type { Clock } from './clock.ts'
import { isoSeconds } from './clock.ts'

const HOUR = 3_600_000
const HOURLY = 5000

/** The rest of a token's rate limit in this hour. */
export interface Budget {
  limit: number
  used: number
  remaining: number
  resetAt: string
}

/** The requests with a token since the start, answered or not. */
export interface Usage {
  rest: number
  graphql: number
  /** Points of GraphQL. */
  points: number
}

export interface Limits {
  /** GraphQL points of a token in an hour; a test may lower it. */
  points: number
  count(token: string, api: 'rest' | 'graphql'): void
  /** Counts one more request to the REST API in this hour; a 304 is none. */
  spend(token: string): void
  /**
   * Rate limit headers for an answer of the REST API. Its limit is reported and never enforced: inject a fault for
   * that.
   */
  told(token: string): Record<string, string>
  /** Charges points, unless too few are left. */
  take(token: string, points: number): { isEnough: boolean; budget: Budget; headers: Record<string, string> }
  /** The usage of one token, or of all. */
  usage(token?: string): Usage
  /** The requests of all tokens to the REST API since the start. */
  spent(): number
}

export function createLimits(clock: Clock): Limits {
  const usage = new Map<string, Usage>()
  let spent = 0
  const hours = { core: createHours(clock), graphql: createHours(clock) }
  const of = (token: string) => {
    const found = usage.get(token) ?? { rest: 0, graphql: 0, points: 0 }
    usage.set(token, found)
    return found
  }
  const limits: Limits = {
    points: HOURLY,
    count(token, api) {
      of(token)[api]++
    },
    spend(token) {
      spent++
      hours.core(token).used++
    },
    spent: () => spent,
    told(token) {
      const { used, reset } = hours.core(token)
      return headers('core', HOURLY, used, Math.max(1, HOURLY - used), reset)
    },
    take(token, points) {
      const hour = hours.graphql(token)
      const isEnough = hour.used + points <= limits.points && hour.used < limits.points
      if (isEnough) {
        hour.used += points
        of(token).points += points
      }
      const remaining = isEnough ? limits.points - hour.used : 0
      const budget = { limit: limits.points, used: hour.used, remaining, resetAt: isoSeconds(hour.reset) }
      return { isEnough, budget, headers: headers('graphql', limits.points, hour.used, remaining, hour.reset) }
    },
    usage(token) {
      const all = token === undefined ? [...usage.values()] : [of(token)]
      const sum = (key: keyof Usage) => all.reduce((total, each) => total + each[key], 0)
      return { rest: sum('rest'), graphql: sum('graphql'), points: sum('points') }
    },
  }
  return limits
}

/** Rate limit windows: an hour of a token begins with its first request. */
function createHours(clock: Clock) {
  const hours = new Map<string, { reset: number; used: number }>()
  return (token: string) => {
    const old = hours.get(token)
    const hour = old && old.reset > clock.now() ? old : { reset: clock.now() + HOUR, used: 0 }
    hours.set(token, hour)
    return hour
  }
}

function headers(resource: string, limit: number, used: number, remaining: number, reset: number) {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset / 1000),
    'x-ratelimit-used': String(used),
    'x-ratelimit-resource': resource,
  }
}
