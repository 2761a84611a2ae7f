import { LEFT_OUT } from './markdown.ts'

/** A text as somebody left it; `byAuthor` also of the original. */
export interface Left {
  text: string
  byAuthor: boolean
}

/** Lines with a command, as `commandsIn` reads them, that an author did not write, or that somebody else's edit left. */
export interface OthersLines {
  /** Put there by somebody else; also what the author made of one of them. */
  planted: ReadonlySet<string>
  /** All that stood there after somebody else's edit, the author's own lines too: they had their turn before. */
  left: ReadonlySet<string>
  /** Whether somebody else edited the text at all. */
  isEdited: boolean
}

/** Of a text with more of them to read, nothing is told. */
const MOST = 100
/** So many characters of a line are compared; two that begin so alike count as one. */
const COMPARED = 2000

/**
 * Whose lines stand in the last of these versions, oldest first: by the raw text, line by line, for what Markdown
 * hides of it another edit may uncover. Undefined where a version has too many.
 */
export function othersLines(versions: readonly Left[]): OthersLines | undefined {
  let planted = new Set<string>()
  let left = new Set<string>()
  let before = new Set<string>()
  for (const { text, byAuthor } of versions) {
    const now = commandsIn(text)
    if (now === undefined) return undefined
    const earlier = planted
    const isNew = (line: string) => !before.has(line)
    const isPlanted = (line: string) => isNew(line) && (!byAuthor || resemblesAny(line, earlier))
    planted = new Set([...now].filter((line) => earlier.has(line) || isPlanted(line)))
    left = byAuthor ? new Set([...now].filter((line) => left.has(line))) : now
    before = now
  }
  return { planted, left, isEdited: versions.some(({ byAuthor }) => !byAuthor) }
}

/** Whether a line that the next version says was there without the author's having written it. */
export function isOthers({ planted, left }: Pick<OthersLines, 'planted' | 'left'>, line: string): boolean {
  const [plain = '', ...rest] = line.split(LEFT_OUT)
  const said = normalized(plain)
  // What Markdown hides within a line is not in it: any line that begins so may be it.
  if (rest.length > 0 && [...left].some((one) => one.startsWith(said))) return true
  return left.has(said) || resemblesAny(said, planted)
}

/** What a quote, a comment or a fence may hide: whatever follows a `/wl` in a line. Undefined for too many. */
function commandsIn(text: string): Set<string> | undefined {
  const found = new Set<string>()
  const whole = new Set<string>()
  const command = /\/wl/gi
  const newline = /[\r\n]|$/g
  let end = 0
  let read = 0
  for (let match = command.exec(text); match !== null; match = command.exec(text)) {
    const isFirst = match.index >= end
    if (isFirst) end = endOfLine(newline, text, match.index)
    const line = text.slice(match.index, end)
    // Of equal lines one is enough.
    if (isFirst && whole.has(line)) {
      command.lastIndex = end
      continue
    }
    if (isFirst) whole.add(line)
    if (++read > MOST) return undefined
    found.add(normalized(line))
  }
  return found
}

function endOfLine(newline: RegExp, text: string, from: number): number {
  newline.lastIndex = from
  return newline.exec(text)!.index
}

/** One that was made longer or shorter is still the same line. */
function resemblesAny(line: string, others: ReadonlySet<string>): boolean {
  for (const other of others) if (line.startsWith(other) || other.startsWith(line)) return true
  return false
}

function normalized(line: string): string {
  return line
    .slice(0, COMPARED)
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase()
}
