import { count } from './text.ts'

/** Whole seconds UTC as the ledger keeps them, `2026-11-21 10:02:03`. Takes what GitHub sends: ISO 8601. */
export function ledgerTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a time: ${iso.slice(0, 40)}`)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** The later of two ISO 8601 times. */
export function later(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b
}

/** The seconds since 1970 of a time as the ledger has it, which is UTC and does not say so. */
export function ledgerSeconds(time: string): number {
  return Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`) / 1000
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** `3 days`, `5 hours`, `1 minute`: the largest unit that fits, rounded down. */
export function duration(seconds: number): string {
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? UNITS[2]
  return count(Math.max(1, Math.floor(seconds / size)), unit)
}
