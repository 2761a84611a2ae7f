import { changedLines } from './git-diff.ts'

/** A review comment on lines of a file, with the changes that it suggests for them. */
export interface SuggestingComment {
  /** The author's numeric id. */
  by: number
  path: string
  /** Its text, or the texts of several comments of its author on the same lines. */
  texts: readonly string[]
  /** A hunk that ends with the commented lines. */
  hunk: string
  /** The number of commented lines. */
  lines: number
}

/** The largest change that is compared, in characters: GitHub takes no longer comment. */
const MOST = 65_536

interface CommittedFile {
  path: string
  status: string
  patch: string | undefined
}

/**
 * The authors, by numeric id, of the suggestions that a commit accepts: a comment on the same file suggests each line
 * that it adds, and is about each line that it removes. Undefined for a commit that does anything else, or whose diff
 * is incomplete.
 */
export function suggestersOf(
  files: readonly CommittedFile[],
  comments: readonly SuggestingComment[],
): Set<number> | undefined {
  const found = new Set<number>()
  for (const { path, status, patch } of files) {
    const isSmall = patch !== undefined && patch.length <= MOST
    const changed = status === 'modified' && isSmall ? byMark(patch) : undefined
    if (changed === undefined) return undefined
    const here = comments.filter((comment) => comment.path === path)
    const suggested = pool(here, ({ texts }) => texts.flatMap(suggestedLines))
    const about = pool(here, linesAbout)
    const by = [
      ...changed.added.map((line) => take(suggested, line)),
      ...changed.removed.map((line) => take(about, line)),
    ]
    for (const one of by) {
      if (one === undefined) return undefined
      found.add(one)
    }
  }
  return found.size === 0 ? undefined : found
}

function byMark(patch: string): { added: string[]; removed: string[] } | undefined {
  const lines = changedLines(patch)
  const marked = (mark: string) =>
    (lines ?? []).filter((line) => line.startsWith(mark)).map((line) => plain(line.slice(1)))
  return lines && { added: marked('+'), removed: marked('-') }
}

/** The commented lines, as the file had them. */
function linesAbout({ hunk, lines }: SuggestingComment): string[] {
  const [, ...shown] = hunk.split('\n')
  const kept = shown.filter((line) => line.startsWith('+') || line.startsWith(' ') || plain(line) === '')
  return kept.slice(-lines).map((line) => plain(line.slice(1)))
}

/** The comment authors of each line, one entry for each time that it occurs. */
type LinePool = Map<string, number[]>

function pool(comments: readonly SuggestingComment[], linesOf: (comment: SuggestingComment) => string[]): LinePool {
  const lines: LinePool = new Map()
  for (const comment of comments)
    for (const line of linesOf(comment)) {
      const owners = lines.get(line)
      if (owners === undefined) lines.set(line, [comment.by])
      else owners.push(comment.by)
    }
  return lines
}

function take(lines: LinePool, line: string): number | undefined {
  return lines.get(line)?.pop()
}

const OPENING = /^( {0,3})(`{3,}|~{3,})/
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/

/** The lines of all `suggestion` fences of a text; a fence within another fence does not count. Linear in the text. */
export function suggestedLines(text: string): string[] {
  const found: string[] = []
  let fence: { mark: string; indent: number; suggests: boolean } | undefined
  for (const line of text.split('\n').map(plain)) {
    if (fence === undefined) fence = opens(line)
    else if (CLOSING.exec(line)?.[1]?.startsWith(fence.mark) === true) fence = undefined
    else if (fence.suggests) found.push(outdented(line, fence.indent))
  }
  return found
}

function opens(line: string) {
  const [whole = '', blanks = '', mark = ''] = OPENING.exec(line) ?? []
  const info = line.slice(whole.length).trim()
  if (whole === '' || (mark.startsWith('`') && info.includes('`'))) return undefined
  return { mark, indent: blanks.length, suggests: info.split(/\s/, 1)[0] === 'suggestion' }
}

/** Removes the fence's own indentation. */
function outdented(line: string, indent: number): string {
  let at = 0
  while (at < indent && line[at] === ' ') at++
  return line.slice(at)
}

/** Without the carriage return of a line of CRLF. */
function plain(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
