import type { ChangedFile } from '../github/changes.ts'

/**
 * Whether a diff takes back some of another: in one file, a line that the other added is removed again, one that it
 * removed is added again, or a file is as it was before, by its blob or its old path.
 *
 * Lines count without their indentation. Lines that any diff may have do not count: blank ones, brackets, imports. A
 * line that only moves is neither added nor removed. A file whose hunks GitHub does not give whole, or that is beyond
 * GitHub's lists, proves nothing.
 *
 * @param before blobs of the other's files before it, by path, where they are known
 */
export function takesBack(
  other: readonly ChangedFile[],
  diff: readonly ChangedFile[],
  before: ReadonlyMap<string, string> = new Map(),
): boolean {
  const [theirs, ours] = [linesOf(other), linesOf(diff)]
  const changed = new Map(diff.map((file) => [pathBefore(file), file]))
  return other.some((file) => {
    const again = changed.get(file.path)
    if (again === undefined) return false
    if (isBack(file, again, before.get(file.path))) return true
    const [their, our] = [theirs.byFile.get(file), ours.byFile.get(again)]
    if (their === undefined || our === undefined) return false
    return [...their].some(([line, count]) => {
      const [back, total, theirTotal] = [our.get(line) ?? 0, ours.total.get(line) ?? 0, theirs.total.get(line) ?? 0]
      // A line that was moved may be moved back.
      if (count > 0) return back < 0 && (total < 0 || theirTotal <= 0)
      return count < 0 && back > 0 && (total > 0 || theirTotal >= 0)
    })
  })
}

/**
 * The files for which only blobs could show that a diff takes them back: both diffs change them, and neither shows how.
 */
export function onlyByBlob(other: readonly ChangedFile[], diff: readonly ChangedFile[]): string[] {
  const changed = new Map(diff.map((file) => [pathBefore(file), file]))
  return other.flatMap((file) => {
    const again = changed.get(file.path)
    const isHidden = file.patch === undefined && again !== undefined && again.patch === undefined
    return isHidden && file.status === 'modified' && again.status === 'modified' ? [file.path] : []
  })
}

function pathBefore({ status, from, path }: ChangedFile): string {
  return status === 'renamed' ? (from ?? path) : path
}

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'

function isBack(other: ChangedFile, again: ChangedFile, before: string | undefined): boolean {
  if (other.status === 'renamed' && again.status === 'renamed') return again.path === other.from
  if (other.patch !== undefined && again.patch !== undefined) return false
  if (again.sha === undefined || again.sha === EMPTY_BLOB) return false
  if (other.status === 'added') return again.status === 'removed' && again.sha === other.sha
  if (other.status === 'removed') return again.status === 'added' && again.sha === other.sha
  return other.status === 'modified' && again.status === 'modified' && again.sha === before
}

/**
 * The number of times that each line is added, or removed (below 0), for each file whose hunks are whole and for all of
 * them.
 */
function linesOf(files: readonly ChangedFile[]) {
  const byFile = new Map<ChangedFile, Map<string, number>>()
  const total = new Map<string, number>()
  for (const file of files) {
    const lines = wholeLines(file)
    if (lines === undefined) continue
    const counts = new Map<string, number>()
    for (const line of lines) {
      const text = line.slice(1).trim()
      if (isTrivial(text)) continue
      const by = line.startsWith('+') ? 1 : -1
      counts.set(text, (counts.get(text) ?? 0) + by)
      total.set(text, (total.get(text) ?? 0) + by)
    }
    byFile.set(file, counts)
  }
  return { byFile, total }
}

/** The lines added and removed, with their marks; undefined unless they are as many as GitHub counts. */
function wholeLines({ patch, additions, deletions }: ChangedFile): string[] | undefined {
  if (patch === undefined) return undefined
  const lines = patch.split('\n')
  const [added, removed] = [lines.filter((line) => line.startsWith('+')), lines.filter((line) => line.startsWith('-'))]
  return added.length === additions && removed.length === deletions ? [...added, ...removed] : undefined
}

const IMPORT = /^(?:import|from|using|use|require|include|#include|#import|package|module|export \*|export \{)(?:\W|$)/
const REQUIRED = /^(?:const|let|var) [^=]{0,200}= ?(?:await )?(?:require|import)\(/
const WORDS = /[\p{L}\p{N}_]+/gu
/** Words that are no more than a bracket when they are alone on a line. */
const COMMON = new Set(
  'begin break case catch continue default do done else end endif esac fi finally null pass return then try'.split(' '),
)

function isTrivial(line: string): boolean {
  if (IMPORT.test(line) || REQUIRED.test(line)) return true
  const words = line.match(WORDS) ?? []
  return words.length === 0 || (words.length === 1 && COMMON.has(words[0].toLowerCase()))
}
