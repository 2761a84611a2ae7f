import { AsyncLocalStorage } from 'node:async_hooks'
import { Unavailable } from '../domain/errors.ts'

/**
 * A process that was stopped (SIGSTOP, a frozen container) goes on where it was, and does not know that its work has
 * become another's. Work that was begun before a stop must write nothing more; it is tried again from its beginning.
 */

const BEAT_MS = 1_000
/** Less than the silence after which work is taken from a process. */
const STOPPED_MS = 7_000

let last = performance.now()
let stops = 0

function beat() {
  const now = performance.now()
  if (now - last > STOPPED_MS) stops++
  last = now
}
setInterval(beat, BEAT_MS).unref()

const begun = new AsyncLocalStorage<number>()

/** Runs work that a stop from now on makes stale. */
export function beginWork<T>(work: () => Promise<T>): Promise<T> {
  beat()
  return begun.run(stops, work)
}

/** Throws Unavailable once the work in which this was called has become stale. */
export type Freshness = () => void

export function freshness(): Freshness {
  const at = begun.getStore()
  return () => {
    beat()
    if (at !== undefined && at !== stops)
      throw new Unavailable('this process was stopped, and its work may be another’s')
  }
}
