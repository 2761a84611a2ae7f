import { hasChanged } from './diff.ts'
import type { JudgedStamp } from './shown-stamps.ts'
import type { PullRequestSnapshot } from './snapshot.ts'

/** Marks stamps that were given for other work than the pull request now has. */
export async function markStale(
  { pull, diff: now }: Pick<PullRequestSnapshot, 'pull' | 'diff'>,
  stamps: readonly JudgedStamp[],
): Promise<(JudgedStamp & { stale: boolean })[]> {
  return Promise.all(
    stamps.map(async (stamp) => {
      const { head, diff } = stamp.judged ?? { head: null, diff: null }
      return { ...stamp, stale: diff !== null && (await hasChanged({ head, diff }, pull, now)) }
    }),
  )
}
