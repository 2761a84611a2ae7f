import { count } from './text.ts'

/** Converts ISO 8601, as GitHub sends it, to the ledger's time: whole seconds UTC, `2026-11-21 10:02:03`. */
export function ledgerTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a time: ${iso.slice(0, 40)}`)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** The later of two ISO 8601 times. */
export function later(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b
}

/** The seconds since 1970 of a time in the ledger, which is UTC without saying so. */
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
