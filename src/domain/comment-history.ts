import { LEFT_OUT } from './markdown.ts'

/** One version of a text. `byAuthor` is true of the original, too. */
export interface Left {
  text: string
  byAuthor: boolean
}

/**
 * Lines with a command, as `commandsIn` reads them, that are not the author's: somebody else wrote them, or somebody
 * else's edit left them there.
 */
export interface OthersLines {
  /** Lines that somebody else put there, and what the author made of such a line. */
  planted: ReadonlySet<string>
  /** All lines that stood there after somebody else's edit, the author's own too: those ran before. */
  left: ReadonlySet<string>
  /** Whether somebody else edited the text at all. */
  isEdited: boolean
}

/** The largest number of lines that are compared; a text with more has no result. */
const MOST = 100
/** The number of characters of a line that are compared; two lines that begin so alike count as one. */
const COMPARED = 2000

/**
 * Finds lines of other people in the last of these versions, oldest first. Compares the raw text line by line, for
 * another edit may uncover what Markdown hides. Undefined where a version has too many lines.
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

/** Whether this line of the last version was there without the author's having written it. */
export function isOthers({ planted, left }: Pick<OthersLines, 'planted' | 'left'>, line: string): boolean {
  const [plain = '', ...rest] = line.split(LEFT_OUT)
  const sought = normalized(plain)
  // Markdown may hide a part of the line, which is missing here: any line with this beginning may be the same.
  if (rest.length > 0 && [...left].some((one) => one.startsWith(sought))) return true
  return left.has(sought) || resemblesAny(sought, planted)
}

/** The text after each `/wl` of a line, which a quote, a comment or a fence may hide. Undefined for too many. */
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
    // Equal lines count once.
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

/** A line that was made longer or shorter is still the same line. */
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
