import { newSecret } from '../../secrets.ts'

/** GitHub ends a registration after this time. */
const LIFETIME_MS = 3_600_000
/** Each visit to the review page makes one; the oldest goes first. */
const LIMIT = 50

export interface Pending<T> {
  /** Gives the state. */
  add: (value: T) => string
  take: (state: string | undefined) => T | undefined
}

/** Registrations that went to GitHub and have not come back, each under a state that is good for one answer. */
export function pendingRegistrations<T>(): Pending<T> {
  const waiting = new Map<string, { value: T; until: number }>()
  return {
    add(value) {
      const state = newSecret()
      waiting.set(state, { value, until: Date.now() + LIFETIME_MS })
      const oldest = waiting.keys().next().value
      if (waiting.size > LIMIT && oldest !== undefined) waiting.delete(oldest)
      return state
    },
    take(state) {
      const entry = state === undefined ? undefined : waiting.get(state)
      if (state === undefined || entry === undefined) return undefined
      waiting.delete(state)
      return entry.until > Date.now() ? entry.value : undefined
    },
  }
}
