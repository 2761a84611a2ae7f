/** Saturation: grows from 0 towards 1 with an amount; a half at `half`. */
export function sat(x: number, half: number): number {
  return x <= 0 ? 0 : x === Infinity ? 1 : x / (x + half)
}

/** Decay over months: a half after 24. */
export function rec(months: number): number {
  return 2 ** (-Math.max(0, months) / 24)
}

/** Noisy or: the chance that at least one holds. Each can lead high, none takes away from another. */
export function noisyOr(chances: readonly number[]): number {
  return 1 - chances.reduce((none, chance) => none * (1 - chance), 1)
}

export function clamp(x: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, x))
}

/** Rounds to two decimals, as a sheet shows them, so that a smaller change makes no new sheet. */
export function round2(x: number): number {
  return Math.round(x * 100) / 100
}
