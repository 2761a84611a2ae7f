import type { IdentifiedDiffSource, JudgedStamp } from './shown-stamps.ts'
import { type DiffHash, hasChanged } from './diff.ts'

/** Marks what was stamped of other work than the pull request now has. */
export async function markStale(
  pull: IdentifiedDiffSource,
  stamps: readonly JudgedStamp[],
  now: () => Promise<DiffHash>,
): Promise<(JudgedStamp & { stale: boolean })[]> {
  return Promise.all(
    stamps.map(async (stamp) => {
      const { head, diff } = stamp.judged ?? { head: null, diff: null }
      return { ...stamp, stale: diff !== null && (await hasChanged({ head, diff }, pull, now)) }
    }),
  )
}
