import { YEAR, type Person } from './people.ts'

const MONTH = YEAR / 12

/** When somebody was active, in milliseconds. */
function activeTime({ character, createdAt, today }: Person): { from: number; to: number } {
  const to = Math.max(createdAt, today - character.monthsSinceActive * MONTH)
  return { from: Math.max(createdAt, to - character.activeYears * YEAR), to }
}

/**
 * Which of somebody's `total` acts, the oldest 0, fall between two times: from the first up to, not with, the last.
 * Windows that meet share none and leave none out.
 */
export function actsWithin(person: Person, total: number, from: number, to: number): { first: number; end: number } {
  const active = activeTime(person)
  const before = (time: number) => {
    if (time >= active.to) return total
    return Math.floor((total * Math.max(0, time - active.from)) / Math.max(1, active.to - active.from))
  }
  return { first: before(from), end: before(to) }
}

/** When they did the one at this place, the newest 0. */
export function timeOf(person: Person, total: number, place: number): number {
  const { from, to } = activeTime(person)
  return to - ((place + 0.5) / total) * (to - from)
}

export function activeYears(person: Person): number[] {
  const { from, to } = activeTime(person)
  const [first, last] = [new Date(from).getUTCFullYear(), new Date(to).getUTCFullYear()]
  return Array.from({ length: last - first + 1 }, (_, step) => last - step)
}

/** Of `total` in a row, whether this one is of the `part` that is strewn evenly among them. */
export function isOfPart(place: number, total: number, part: number): boolean {
  return Math.floor(((place + 1) * part) / total) > Math.floor((place * part) / total)
}
