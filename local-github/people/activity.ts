import { YEAR, type Person } from './people.ts'

const MONTH = YEAR / 12

/** A person's active time, in milliseconds since 1970. */
function activeTime({ character, createdAt, today }: Person): { from: number; to: number } {
  const to = Math.max(createdAt, today - character.monthsSinceActive * MONTH)
  return { from: Math.max(createdAt, to - character.activeYears * YEAR), to }
}

/**
 * The range of a person's `total` acts, the oldest 0, between two times: from the first up to, not with, the last.
 * Adjacent windows share none and leave none out.
 */
export function actsWithin(person: Person, total: number, from: number, to: number): { first: number; end: number } {
  const active = activeTime(person)
  const before = (time: number) => {
    if (time >= active.to) return total
    return Math.floor((total * Math.max(0, time - active.from)) / Math.max(1, active.to - active.from))
  }
  return { first: before(from), end: before(to) }
}

/** The time of the act at this index, the newest 0. */
export function timeOf(person: Person, total: number, place: number): number {
  const { from, to } = activeTime(person)
  return to - ((place + 0.5) / total) * (to - from)
}

export function activeYears(person: Person): number[] {
  const { from, to } = activeTime(person)
  const [first, last] = [new Date(from).getUTCFullYear(), new Date(to).getUTCFullYear()]
  return Array.from({ length: last - first + 1 }, (_, step) => last - step)
}

/** Whether this one of `total` in a row belongs to the `part` that is spread evenly among them. */
export function isOfPart(place: number, total: number, part: number): boolean {
  return Math.floor(((place + 1) * part) / total) > Math.floor((place * part) / total)
}
