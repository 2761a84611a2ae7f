import { MOST_DEATHS } from './job-deaths.ts'

/**
 * A job's priority: which jobs are taken together. Larger ones come first.
 *
 * `first`: of who is known to validate there. `heavy`: of so much data that one at a time is in hand. Below those the
 * suspects, one class for each death that was counted of their cause, so that the least suspected is tried first.
 */
export const CLASS = { first: 1, light: 0, firstHeavy: -1, heavy: -2 } as const

const SUSPECT = -10

/** The class of a job whose cause has so many deaths. */
export function suspectClass(deaths: number): number {
  return SUSPECT - Math.min(deaths, MOST_DEATHS)
}

/** Each is tried alone, in this order. */
export const SUSPECTS: readonly number[] = Array.from({ length: MOST_DEATHS - 1 }, (_, n) => suspectClass(n + 1))
/** Tried often enough. */
export const DEADLY = suspectClass(MOST_DEATHS)

export function isSuspect(priority: number): boolean {
  return priority < SUSPECT
}

export function isHeavy(priority: number): boolean {
  return priority === CLASS.heavy || priority === CLASS.firstHeavy
}
