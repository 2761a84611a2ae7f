import { blobSha, contentOf, type File, type Files, modeOf } from './git.ts'

export type FileChange = {
  path: string
  /** The hash of the blob after the change, or before it when removed. */
  sha: string
  /** `changed`: another type of file, such as a link in place of a file. */
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed'
  previousPath?: string
  before: File | undefined
  after: File | undefined
  additions: number
  deletions: number
  /** Hunks as in `git diff`, without file headers; empty for a binary file and where the content did not change. */
  patch: string
}

/** The changes from one set of files to another, by path; a file that moves unchanged is a rename. */
export function diffFiles(before: Files, after: Files): FileChange[] {
  const changes: FileChange[] = []
  const gone = [...before].filter(([path]) => !after.has(path))
  for (const [path, file] of after) {
    const old = before.get(path)
    if (old === file) continue
    const moved = old === undefined ? gone.findIndex(([, was]) => was === file) : -1
    if (moved >= 0) {
      const [[previousPath, was]] = gone.splice(moved, 1) as [[string, File]]
      changes.push({ path, previousPath, status: 'renamed', ...changeOf(was, file) })
    } else {
      const status = old === undefined ? 'added' : isSameKind(old, file) ? 'modified' : 'changed'
      changes.push({ path, status, ...changeOf(old, file) })
    }
  }
  for (const [path, was] of gone) changes.push({ path, status: 'removed', ...changeOf(was, undefined) })
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** An executable is a file; a link and a submodule are none. */
export const isSameKind = (a: File, b: File) => modeOf(a).slice(0, 3) === modeOf(b).slice(0, 3)

/** Git's test for binary files. */
export const isBinary = (file: File | undefined) => file !== undefined && contentOf(file).includes('\0')

function changeOf(before: File | undefined, after: File | undefined) {
  const sha = blobSha(after ?? before ?? '')
  if (isBinary(before) || isBinary(after)) return { before, after, sha, additions: 0, deletions: 0, patch: '' }
  return { before, after, sha, ...patchOf(textOf(before), textOf(after)) }
}

function textOf(file: File | undefined): string {
  if (file === undefined) return ''
  return modeOf(file) === '160000' ? `Subproject commit ${contentOf(file)}\n` : contentOf(file)
}

type Line = { mark: ' ' | '+' | '-'; text: string }

function patchOf(before: string, after: string): { additions: number; deletions: number; patch: string } {
  if (before === after) return { additions: 0, deletions: 0, patch: '' }
  const lines = diffLines(split(before), split(after))
  return {
    additions: lines.filter((line) => line.mark === '+').length,
    deletions: lines.filter((line) => line.mark === '-').length,
    patch: hunks(lines).join('\n'),
  }
}

/**
 * Splits a text into lines. A last line without newline is marked as git marks it, so that adding the newline is a
 * change too.
 */
function split(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop()
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}

/** The longest common subsequence, after the common ends are cut off. */
function diffLines(before: string[], after: string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const room = Math.min(before.length, after.length) - start
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const same = (lines: string[]): Line[] => lines.map((text) => ({ mark: ' ', text }))
  const old = before.slice(start, before.length - end)
  const fresh = after.slice(start, after.length - end)
  return [...same(before.slice(0, start)), ...longestCommon(old, fresh), ...same(before.slice(before.length - end))]
}

function longestCommon(old: string[], fresh: string[]): Line[] {
  const width = fresh.length + 1
  const length = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number) => length[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      length[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  for (let i = 0, j = 0; i < old.length || j < fresh.length;) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push({ mark: ' ', text: old[i++] as string })
      j++
    } else if (i < old.length && (j >= fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: '-', text: old[i++] as string })
    } else lines.push({ mark: '+', text: fresh[j++] as string })
  }
  return lines
}

const context = 3

function hunks(lines: Line[]): string[] {
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some((near) => near.mark !== ' '),
  )
  const out: string[] = []
  let [old, fresh] = [1, 1]
  let heading = ''
  for (let at = 0; at < lines.length;) {
    if (!shown[at]) {
      heading = headingOf(lines[at++]!) ?? heading
      old++
      fresh++
      continue
    }
    const stop = shown.indexOf(false, at)
    const hunk = lines.slice(at, stop < 0 ? lines.length : stop)
    const [removed, added] = [count(hunk, '+'), count(hunk, '-')]
    const header = `@@ -${span(old, removed)} +${span(fresh, added)} @@${heading && ` ${heading}`}`
    out.push(header, ...hunk.map((line) => line.mark + line.text))
    heading = hunk.map(headingOf).findLast((one) => one !== undefined) ?? heading
    old += removed
    fresh += added
    at += hunk.length
  }
  return out
}

/** Git's text after `@@`: the last line of the old file before the hunk that begins like a function. */
function headingOf({ mark, text }: Line): string | undefined {
  return mark !== '+' && /^[A-Za-z_$]/.test(text) ? text.slice(0, 80).trimEnd() : undefined
}

/** The number of the hunk's lines on the side that does not show this mark. */
const count = (hunk: Line[], without: '+' | '-') => hunk.filter((line) => line.mark !== without).length
/** An empty side names the line before it. */
const span = (start: number, length: number) =>
  length === 0 ? `${start - 1},0` : length === 1 ? `${start}` : `${start},${length}`
