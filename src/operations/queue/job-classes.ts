import { MOST_DEATHS } from './job-deaths.ts'

/**
 * Priority classes of jobs; larger ones are taken first.
 *
 * `first`: jobs of people who are known to validate there. `heavy`: jobs with so much data that one at a time is
 * active. Below those the suspects, one class for each counted death of their cause, so that the least suspected is
 * tried first.
 */
export const CLASS = { first: 1, light: 0, firstHeavy: -1, heavy: -2 } as const

const SUSPECT = -10

/** The class of a job whose cause has this many deaths. */
export function suspectClass(deaths: number): number {
  return SUSPECT - Math.min(deaths, MOST_DEATHS)
}

/** The classes of suspects, in the order in which they are tried; each job is tried alone. */
export const SUSPECTS: readonly number[] = Array.from({ length: MOST_DEATHS - 1 }, (_, n) => suspectClass(n + 1))
/** The class of jobs that were tried often enough. */
export const DEADLY = suspectClass(MOST_DEATHS)

export function isSuspect(priority: number): boolean {
  return priority < SUSPECT
}

export function isHeavy(priority: number): boolean {
  return priority === CLASS.heavy || priority === CLASS.firstHeavy
}
