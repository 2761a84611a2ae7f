import type { Kysely } from 'kysely'
import type { InHand } from './in-hand.ts'
import { DEADLY, SUSPECTS } from './job-classes.ts'
import { hasReady } from './take.ts'
import type { Operations } from '../schema.ts'

/**
 * The longest time that other jobs wait for a suspect: until the active ones have ended, and then until the suspect
 * has.
 */
const ALONE_MS = 15_000
/** After such a wait without success others are taken for this long. */
const GIVES_UP_MS = 60_000
const CHECKS_MS = 1_000

/**
 * Decides when a suspect, a job that may have killed a process, is tried: with no other active, while others wait for
 * it a little.
 */
export interface Suspects {
  /** Whether to take a suspect or to wait for it; undefined when there is none. */
  decide(): Promise<'take' | 'wait' | undefined>
  /** Takes one by `begin`, which resolves to the number of jobs that it took of a priority. */
  take(begin: (most: number, priority: number) => Promise<number>): Promise<number>
}

export function createSuspects(db: Kysely<Operations>, queue: string, inHand: InHand, counted: boolean): Suspects {
  let since = 0
  let checkedAt = 0
  let givenUpAt = 0

  async function isReady(now: number): Promise<boolean> {
    if (now - checkedAt < CHECKS_MS) return false
    checkedAt = now
    return hasReady(db, queue, [...SUSPECTS, DEADLY])
  }

  return {
    async decide() {
      const now = Date.now()
      if (inHand.hasSuspect()) return now - since < ALONE_MS ? 'wait' : undefined
      // Whether or not any death is counted now: it may have been taken back, and the suspect waits nonetheless.
      if (!counted || now - givenUpAt < GIVES_UP_MS) return undefined
      if (since === 0) {
        if (!(await isReady(now))) return undefined
        since = now
      }
      if (inHand.jobs.size === 0) return 'take'
      if (now - since < ALONE_MS) return 'wait'
      since = 0
      givenUpAt = now
      return undefined
    },
    async take(begin) {
      since = Date.now()
      const buried = await begin(inHand.room(), DEADLY)
      if (buried > 0) return buried
      for (const priority of SUSPECTS) if ((await begin(1, priority)) > 0) return 1
      since = 0
      // An earlier job of its key comes before it, and must be taken meanwhile.
      if (await hasReady(db, queue, [...SUSPECTS, DEADLY])) givenUpAt = Date.now()
      return 0
    },
  }
}
