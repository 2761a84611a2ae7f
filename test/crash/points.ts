import { randomOf, SEED } from '../seed.ts'

/**
 * Of the steps at which to kill, in their order: each takes seconds. By default a half, which the seed draws for each
 * `name` of a list; CRASH_POINTS says how many.
 */
export function somePoints<T>(points: readonly T[], name: string, seed: number = SEED): T[] {
  const wanted = Number(process.env['CRASH_POINTS'] ?? Math.ceil(points.length / 2))
  const random = randomOf(`kill points: ${name}`, seed)
  let left = Math.min(wanted, points.length)
  return points.filter((_, n) => random() * (points.length - n) < left && left-- > 0)
}
