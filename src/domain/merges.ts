import { changedLines } from './git-diff.ts'

interface FilePatch {
  sha: string | undefined
  patch: string | undefined
}

/**
 * How many lines a merge of the base changes by itself: those that differ from the base after it and did not before.
 * `before` and `after` are the branch's changes against the base, without the merge and with it. None of a merge
 * that git makes alone; of one that was made by hand what resolves its conflicts, and whatever was put in or left out
 * besides. Undefined where not all is seen.
 */
export function linesOfMerge(before: readonly FilePatch[], after: readonly FilePatch[]): number | undefined {
  const blobs = new Set(before.map(({ sha }) => sha))
  const left = new Map<string, number>()
  // Wherever they stand, for the base may have moved the file.
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
