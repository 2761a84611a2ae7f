/**
 * Of the steps at which to kill, in their order: each takes seconds. By default a random half, in each run another;
 * CRASH_POINTS says how many.
 */
export function somePoints<T>(points: readonly T[]): T[] {
  const wanted = Number(process.env['CRASH_POINTS'] ?? Math.ceil(points.length / 2))
  let left = Math.min(wanted, points.length)
  return points.filter((_, n) => Math.random() * (points.length - n) < left && left-- > 0)
}
