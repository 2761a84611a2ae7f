import { changedLines } from './git-diff.ts'

interface FilePatch {
  sha: string | undefined
  patch: string | undefined
}

/**
 * The number of lines that a merge of the base changes by itself: those that differ from the base after it and did not
 * before. `before` and `after` are the branch's changes against the base, without the merge and with it. Zero for a
 * merge that git makes alone; otherwise the lines that resolve conflicts, and lines that were put in or left out
 * besides. Undefined where a diff is incomplete.
 */
export function linesOfMerge(before: readonly FilePatch[], after: readonly FilePatch[]): number | undefined {
  const blobs = new Set(before.map(({ sha }) => sha))
  const left = new Map<string, number>()
  // Counted over all files, for the base may have moved the file.
  for (const line of before.flatMap((file) => linesIn(file) ?? [])) left.set(line, (left.get(line) ?? 0) + 1)
  let own = 0
  // A file that was so before is as the merge found it.
  for (const file of after.filter(({ sha }) => sha === undefined || !blobs.has(sha))) {
    const lines = linesIn(file)
    if (lines === undefined) return undefined
    for (const line of lines) {
      const count = left.get(line) ?? 0
      if (count === 0) own++
      else left.set(line, count - 1)
    }
  }
  return own
}

function linesIn({ patch }: FilePatch): string[] | undefined {
  return patch === undefined ? undefined : changedLines(patch)
}
