import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * An attempt at a job. An earlier one, of this process or of one that died, may have written to GitHub what no row
 * tells of and what GitHub's lists do not show yet: then a snapshot does not prove that something is not there.
 */

const repeated = new AsyncLocalStorage<boolean>()

/** Runs an attempt at a job. `isRepeated`: an earlier attempt was begun. */
export function inAttempt<T>(isRepeated: boolean, work: () => Promise<T>): Promise<T> {
  return repeated.run(isRepeated, work)
}

/** Whether the present work is a repeated attempt at its job; false outside of a job. */
export function isRepeatedAttempt(): boolean {
  return repeated.getStore() === true
}
