import { setTimeout as sleep } from 'node:timers/promises'
import { Unavailable } from '../domain/errors.ts'

const FIRST_MS = 500
const LONGEST_MS = 10_000

interface RetryLog {
  warn(fields: object, message: string): void
  debug?(fields: object, message: string): void
}

/**
 * Retries with a growing delay until it works: a store may start later than we do. Only Unavailable is retried; an
 * abort ends the wait. Each failed attempt is logged in one line, its cause at the level debug.
 */
export async function retryUntilAvailable<T>(work: () => Promise<T>, signal: AbortSignal, log: RetryLog): Promise<T> {
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      log.warn(
        { why: error.message, waitMs: wait },
        'start: a store is away; trying again. wasteland-bridge doctor says more',
      )
      log.debug?.({ err: error }, 'start: what the store said')
      await sleep(wait, undefined, { signal }).catch(() => {})
      if (signal.aborted) throw error
    }
  }
}

/** Rejects with Unavailable when the answer is later than the timeout, in milliseconds; the work itself goes on. */
export async function withTimeout<T>(ms: number, work: Promise<T>, reason: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(reason)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
