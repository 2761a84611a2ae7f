import { diffFiles, type FileChange, isBinary, isSameKind } from './diff.ts'
import { blobSha, type File, modeOf } from './git.ts'

/** The diff in the format of `git diff`, for the media type `diff`. */
export function diffText(changes: readonly FileChange[]): string {
  return changes.map(textOf).join('')
}

function textOf({ path, previousPath = path, before, after, patch }: FileChange): string {
  if (before !== undefined && after !== undefined && !isSameKind(before, after)) return twoTexts(path, before, after)
  const [old, fresh] = [quoted(`a/${previousPath}`), quoted(`b/${path}`)]
  const ends = [before === undefined ? '/dev/null' : old, after === undefined ? '/dev/null' : fresh] as const
  // Git's tab after a name with a blank, which shows where it ends.
  const tab = /\s/.test(path) ? '\t' : ''
  const lines = [
    `diff --git ${old} ${fresh}`,
    ...modes(before, after),
    ...(previousPath === path
      ? []
      : ['similarity index 100%', `rename from ${quoted(previousPath)}`, `rename to ${quoted(path)}`]),
    ...index(before, after),
    ...(isBinary(before) || isBinary(after) ? [`Binary files ${ends.join(' and ')} differ`] : []),
    ...(patch === '' ? [] : [`--- ${ends[0]}${tab}`, `+++ ${ends[1]}${tab}`, patch]),
  ]
  return `${lines.join('\n')}\n`
}

/** A file that becomes a link is shown as one removed and one added. */
function twoTexts(path: string, before: File, after: File): string {
  const [gone] = diffFiles(new Map([[path, before]]), new Map())
  const [come] = diffFiles(new Map(), new Map([[path, after]]))
  return textOf(gone!) + textOf(come!)
}

function modes(before: File | undefined, after: File | undefined): string[] {
  if (before === undefined) return [`new file mode ${modeOf(after!)}`]
  if (after === undefined) return [`deleted file mode ${modeOf(before)}`]
  return modeOf(before) === modeOf(after) ? [] : [`old mode ${modeOf(before)}`, `new mode ${modeOf(after)}`]
}

function index(before: File | undefined, after: File | undefined): string[] {
  const [old, fresh] = [before, after].map((file) => (file === undefined ? '0000000' : blobSha(file).slice(0, 7)))
  if (old === fresh) return []
  const isPlain = before !== undefined && after !== undefined && modeOf(before) === modeOf(after)
  return [`index ${old}..${fresh}${isPlain ? ` ${modeOf(after)}` : ''}`]
}

const ESCAPES: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A path in C's quotes, as git quotes it: for quotes, backslashes, control characters and non-ASCII characters. */
function quoted(path: string): string {
  const bytes = [...Buffer.from(path)]
  const shown = bytes.map((byte) => {
    const character = String.fromCharCode(byte)
    const isOdd = byte < 32 || byte > 126
    return ESCAPES[character] ?? (isOdd ? `\\${byte.toString(8).padStart(3, '0')}` : character)
  })
  return shown.join('') === path ? path : `"${shown.join('')}"`
}
