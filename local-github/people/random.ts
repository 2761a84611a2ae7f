/**
 * A deterministic random number from 0 to below 1: the same seeds give the same one (the last steps are MurmurHash3's).
 */
export function unit(...seeds: number[]): number {
  let hash = 0x9e3779b9
  for (const seed of seeds) {
    hash = Math.imul(hash ^ (seed | 0), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13) ^ Math.floor(seed / 2 ** 32), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return (hash >>> 0) / 2 ** 32
}

/** A whole number from `low` to `high`, distributed logarithmically. */
export function logarithmic(low: number, high: number, at: number): number {
  return Math.floor(Math.exp(Math.log(low + 1) + at * (Math.log(high + 1) - Math.log(low + 1)))) - 1
}

export function pick<T>(from: readonly [T, ...T[]], at: number): T {
  return from[Math.floor(at * from.length)] ?? from[0]
}
