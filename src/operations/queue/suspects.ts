import type { Kysely } from 'kysely'
import type { InHand } from './in-hand.ts'
import { DEADLY, SUSPECTS } from './job-classes.ts'
import { hasReady } from './take.ts'
import type { Operations } from '../schema.ts'

/** So long others wait for a suspect: until what is in hand has ended, and then until it has. */
const ALONE_MS = 15_000
/** After such a wait that came to nothing others are taken for so long. */
const GIVES_UP_MS = 60_000
const LOOKS_MS = 1_000

/** When a job that may have killed a process is tried: with nothing beside it, and others wait for it a little. */
export interface Suspects {
  /** Whether a suspect is to be taken, waited for, or none is there. */
  decide(): Promise<'take' | 'wait' | undefined>
  /** Takes one by `begin`, which resolves to how many it took of a priority. */
  take(begin: (most: number, priority: number) => Promise<number>): Promise<number>
}

export function createSuspects(db: Kysely<Operations>, queue: string, inHand: InHand, counted: boolean): Suspects {
  let since = 0
  let lookedAt = 0
  let givenUpAt = 0

  async function isReady(now: number): Promise<boolean> {
    if (now - lookedAt < LOOKS_MS) return false
    lookedAt = now
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
      // Another of its line comes before it, and is to be taken meanwhile.
      if (await hasReady(db, queue, [...SUSPECTS, DEADLY])) givenUpAt = Date.now()
      return 0
    },
  }
}
