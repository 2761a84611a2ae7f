import { AsyncLocalStorage } from 'node:async_hooks'
import { Unavailable } from '../domain/errors.ts'

/**
 * A suspended process (SIGSTOP, a frozen container) resumes where it was, and does not know that another process has
 * taken over its work. Work that was begun before a suspension must write nothing more; it is retried from its beginning.
 */

const HEARTBEAT_MS = 1_000
/** Shorter than the silence after which another process takes over the work. */
const SUSPENDED_MS = 7_000

let lastBeat = performance.now()
let suspensions = 0

function beat() {
  const now = performance.now()
  if (now - lastBeat > SUSPENDED_MS) suspensions++
  lastBeat = now
}
setInterval(beat, HEARTBEAT_MS).unref()

const begunAt = new AsyncLocalStorage<number>()

/** Runs work that a suspension from now on makes stale. */
export function runGuarded<T>(work: () => Promise<T>): Promise<T> {
  beat()
  return begunAt.run(suspensions, work)
}

/** Throws Unavailable when the process was suspended after the guarded work began. */
export type AssertNotSuspended = () => void

export function suspendGuard(): AssertNotSuspended {
  const begun = begunAt.getStore()
  return () => {
    beat()
    if (begun !== undefined && begun !== suspensions)
      throw new Unavailable('this process was suspended, and its work may be another’s')
  }
}
