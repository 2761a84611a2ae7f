import { LRUCache } from 'lru-cache'
import { newSecret } from '../../secrets.ts'

/** GitHub ends a registration after this time. */
const LIFETIME_MS = 3_600_000
/** The most registrations that are kept. Each visit to the review page makes one; the oldest is dropped first. */
const LIMIT = 50

export interface Pending<T extends object> {
  /** Stores a registration, and returns its state. */
  add: (value: T) => string
  take: (state: string | undefined) => T | undefined
}

/** Registrations that went to GitHub and have not come back, each under a state that is good for one answer. */
export function pendingRegistrations<T extends object>(): Pending<T> {
  const waiting = new LRUCache<string, T>({ max: LIMIT, ttl: LIFETIME_MS, perf: Date })
  return {
    add(value) {
      const state = newSecret()
      waiting.set(state, value)
      return state
    },
    take(state = '') {
      const value = waiting.get(state)
      waiting.delete(state)
      return value
    },
  }
}
