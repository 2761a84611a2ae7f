/** The diff of one file, as `git diff` prints it. */
export interface FileDiff {
  /** The lines before the first hunk, as written: `diff --git`, modes, renames. */
  header: string[]
  /** The abbreviated hash of its blob before, as in `index a..b`; undefined where its content stays as it was. */
  before: string | undefined
  hunks: Hunk[]
}

export interface Hunk {
  /** Where it lies in both files, as written: `-1,3 +1,4`. */
  at: string
  /** The text after the second `@@`: the function or section that the hunk lies in. */
  heading: string
  /** Each with its first character; with the carriage return where the file has CRLF. */
  lines: string[]
}

/**
 * Parses the output of `git diff` into files; undefined where it is none, or is cut off. A hunk's header says how many
 * lines it has, so no line of a file is taken for one of the diff, whatever it looks like. Git quotes paths with
 * control characters, so each header is one line. Linear in the text.
 */
export function readDiff(text: string): FileDiff[] | undefined {
  if (text === '') return []
  if (!text.endsWith('\n')) return undefined
  return readAll(text.slice(0, -1).split('\n'), readFile)
}

interface ParsedDiff<T> {
  read: T
  next: number
}

/** Reads these lines as one element after the other; undefined where anything else stands there. */
function readAll<T>(
  lines: readonly string[],
  readAt: (lines: readonly string[], at: number) => ParsedDiff<T> | undefined,
): T[] | undefined {
  const all: T[] = []
  for (let at = 0; at < lines.length;) {
    const one = readAt(lines, at)
    if (one === undefined) return undefined
    all.push(one.read)
    at = one.next
  }
  return all
}

const FIRST = 'diff --git '
const EXTENDED =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|Binary files|---|\+\+\+) /
/** The similarity of two files is no part of the change: it moves with the lines around. */
const LIKENESS = /^(?:similarity|dissimilarity) index /
const INDEX = /^index ([0-9a-f]{4,64})\.\.[0-9a-f]{4,64}(?: ([0-7]{6}))?$/

function readFile(lines: readonly string[], from: number): ParsedDiff<FileDiff> | undefined {
  if (!lines[from]!.startsWith(FIRST)) return undefined
  const file: FileDiff = { header: [lines[from]!], before: undefined, hunks: [] }
  let at = from + 1
  for (; at < lines.length && !lines[at]!.startsWith(FIRST) && !lines[at]!.startsWith('@@ '); at++) {
    const line = lines[at]!
    const index = INDEX.exec(line)
    if (index !== null) {
      file.before = index[1]
      if (index[2] !== undefined) file.header.push(`mode ${index[2]}`)
    } else if (EXTENDED.test(line)) file.header.push(line)
    else if (!LIKENESS.test(line)) return undefined
  }
  while (at < lines.length && lines[at]!.startsWith('@@ ')) {
    const hunk = readHunk(lines, at)
    if (hunk === undefined) return undefined
    file.hunks.push(hunk.read)
    at = hunk.next
  }
  return { read: file, next: at }
}

/** The hunks of one file without its header, as GitHub gives them in `patch`. */
function readHunks(patch: string): Hunk[] | undefined {
  return readAll(patch.split('\n'), readHunk)
}

/** The lines that hunks add and remove, with their `+` or `-`; undefined for a text that is no hunks. */
export function changedLines(patch: string): string[] | undefined {
  const hunks = readHunks(patch)
  return hunks && changedIn(hunks)
}

/** The lines that a diff adds and removes, with their `+` or `-`. */
export function linesIn(files: readonly Pick<FileDiff, 'hunks'>[]): string[] {
  return files.flatMap(({ hunks }) => changedIn(hunks))
}

function changedIn(hunks: readonly Hunk[]): string[] {
  return hunks.flatMap(({ lines }) => lines.filter((line) => line.startsWith('+') || line.startsWith('-')))
}

const HUNK = /^@@ (-\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))?) @@/

function readHunk(lines: readonly string[], from: number): ParsedDiff<Hunk> | undefined {
  const found = HUNK.exec(lines[from]!)
  if (found === null) return undefined
  let [old, fresh] = [Number(found[2] ?? 1), Number(found[3] ?? 1)]
  let at = from + 1
  for (; at < lines.length && (old > 0 || fresh > 0); at++) {
    const mark = lines[at]![0]
    // Some write an empty line of context without its blank.
    const isContext = mark === ' ' || mark === undefined
    if (!isContext && mark !== '-' && mark !== '+' && mark !== '\\') return undefined
    if (isContext || mark === '-') old--
    if (isContext || mark === '+') fresh--
  }
  if (old !== 0 || fresh !== 0) return undefined
  // `\ No newline at end of file` follows the line that it describes.
  if (lines[at]?.startsWith('\\') === true) at++
  const heading = lines[from]!.slice(found[0].length)
  return { read: { at: found[1]!, heading, lines: lines.slice(from + 1, at) }, next: at }
}

/** The numbers of changed lines of each file that has any, by its path, which is the one before for a removed file. */
export function countByFile(files: readonly FileDiff[]): { path: string; additions: number; deletions: number }[] {
  return files.flatMap((file) => {
    const path = pathOf(file)
    const lines = linesIn([file])
    const additions = lines.filter((line) => line.startsWith('+')).length
    return path === undefined ? [] : [{ path, additions, deletions: lines.length - additions }]
  })
}

function pathOf({ header }: FileDiff): string | undefined {
  // Git writes a tab after a name with a blank, which shows where it ends.
  const named = (mark: string) =>
    header
      .findLast((line) => line.startsWith(mark))
      ?.slice(mark.length)
      .replace(/\t$/, '')
  const [before, after] = [named('--- '), named('+++ ')]
  const path = after === '/dev/null' ? before : after
  return path === undefined ? undefined : unquoted(path).replace(/^[ab]\//, '')
}

const ESCAPED = /\\([0-7]{3}|.)/g
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' }

/** A path without C's quotes, of which git uses octal ones for each byte that is not ASCII. */
function unquoted(path: string): string {
  if (!/^".*"$/.test(path)) return path
  const bytes = path
    .slice(1, -1)
    .replace(ESCAPED, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
    )
  return Buffer.from(bytes, 'latin1').toString()
}
