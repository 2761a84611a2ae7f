import type { JobInsert, PgBoss } from 'pg-boss'
import { Unavailable } from '../domain/errors.ts'
import { createBatcher } from '../ops/batcher.ts'
import { settle } from './store.ts'

/** A job as pg-boss stores it. */
export type Put<T> = JobInsert<T> & { id: string; singletonKey: string }

/** Longer statements gain nothing more. */
const MOST = 100

/**
 * Stores jobs; true of those that were not known. What comes while a statement is under way goes with the next one:
 * each is a commit to disk, and an acknowledgement waits for it.
 */
export function createPuts<T extends object>(pgBoss: PgBoss, name: string): (job: Put<T>) => Promise<boolean> {
  return createBatcher((jobs) => storeAll(pgBoss, name, jobs), { most: MOST })
}

async function storeAll<T extends object>(
  pgBoss: PgBoss,
  name: string,
  jobs: readonly Put<T>[],
): Promise<(boolean | Error)[]> {
  const answers = new Map<Put<T>, boolean | Error>()
  for (let left = [...jobs]; left.length > 0;) {
    const round = differing(left)
    left = left.filter((job) => !round.includes(job))
    for (const [n, answer] of (await storeRound(pgBoss, name, round)).entries()) answers.set(round[n]!, answer)
  }
  return jobs.map((job) => answers.get(job)!)
}

/** Jobs of one statement have the same time, so those of one key must not be among them: they would lose their order. */
function differing<T extends object>(jobs: readonly Put<T>[]): Put<T>[] {
  const keys = new Set<string>()
  const ids = new Set<string>()
  return jobs.filter(({ id, singletonKey }) => {
    const isNew = !keys.has(singletonKey) && !ids.has(id)
    // Whatever comes after it in its line waits too.
    keys.add(singletonKey)
    ids.add(id)
    return isNew
  })
}

async function storeRound<T extends object>(
  pgBoss: PgBoss,
  name: string,
  jobs: readonly Put<T>[],
): Promise<(boolean | Error)[]> {
  try {
    const stored = new Set(await settle(pgBoss.insert(name, [...jobs], { returnId: true })))
    return jobs.map(({ id }) => stored.has(id))
  } catch (error) {
    if (error instanceof Unavailable || jobs.length === 1) return jobs.map(() => error as Error)
    // One that Postgres does not take is not to keep out the others.
    const each: (boolean | Error)[] = []
    for (const job of jobs) each.push(...(await storeRound(pgBoss, name, [job])))
    return each
  }
}
