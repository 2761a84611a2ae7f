import { count } from '../domain/text.ts'
import { duration } from '../domain/time.ts'
import type { Seeding } from '../operations/tables/seeding.ts'

/** The reasons why a profile was skipped, by the words of `seed`. */
const WHY: Readonly<Record<string, string>> = {
  missing: 'no user of that name (misspelt, renamed, deleted or suspended)',
  organization: 'organizations',
  bot: 'bots',
  private: 'private profiles',
  taken: 'logins that are another person’s now',
  unanswered: 'GitHub did not answer, however little was asked',
  declined: 'take no part or were forgotten, at their own wish',
  'not-written': 'the pile refused the sheet',
  twice: 'named twice',
}

export interface ShownCost {
  requests: number
  points: number
}

/** GitHub's limit of GraphQL points an hour, for a personal token. */
const POINTS_AN_HOUR = 5_000

/** The seconds that a seeding takes: each request 2 to 6, and no more points an hour than GitHub gives. */
export function seedSeconds({ points, requests }: ShownCost): { least: number; most: number } {
  const byPoints = Math.floor(points / POINTS_AN_HOUR) * 3600
  return { least: Math.max(byPoints, requests * 2), most: Math.max(byPoints, requests * 6) }
}

/** The expected cost of a seeding, in lines for the terminal. */
export function seedPlan(logins: number, price: ShownCost): string[] {
  const { least, most } = seedSeconds(price)
  return [
    `Plan: ${count(logins, 'profile')}, about ${count(price.requests, 'request')} and ${count(price.points, 'point')} of GitHub’s GraphQL limit.`,
    `At ${POINTS_AN_HOUR} points an hour and one request at a time, each 2 to 6 seconds, that takes ${duration(least)} to ${duration(most)}.`,
  ]
}

/**
 * The progress of a seeding, in one line that is written over: how far, how fast, what is left. `here`: the number in
 * this run, which took `seconds`.
 */
export function seedProgress(at: {
  done: number
  total: number
  seconds: number
  here: number
  left: number | undefined
}): string {
  const bar = '█'.repeat(Math.round((at.done / at.total) * BAR)).padEnd(BAR, '░')
  const perSecond = at.here / Math.max(at.seconds, 1)
  const points = at.left === undefined ? '' : `, ${count(at.left, 'point')} left`
  const rest = at.done === at.total ? '' : `, ${duration((at.total - at.done) / perSecond)} to go`
  return `${bar} ${at.done}/${at.total}, ${(perSecond * 60).toFixed(0)} a minute${points}${rest}`
}

const BAR = 20

/** The result of a seeding, in lines for the terminal. */
export function seedReport({ outcomes, reasons, total }: Seeding, spent: ShownCost): string[] {
  const { written, unchanged, skipped } = outcomes
  return [
    `${count(total, 'profile')}: ${written} written, ${unchanged} unchanged, ${skipped} skipped.`,
    ...reasons.map(({ reason, n }) => `  ${n}: ${WHY[reason] ?? reason}`),
    `This run took ${count(spent.requests, 'request')} and ${count(spent.points, 'point')}.`,
  ]
}
