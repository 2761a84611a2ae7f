import { isWellFormedWantedId, readWantedId } from './ids.ts'
import { LEFT_OUT, readBlocks } from './markdown.ts'

/** An item or issue that a line of a description names. */
export type Name =
  /** `certain` is false where the words may mean something else if no such item exists. */
  | { item: string; certain: boolean }
  /** `#12`, or the address of an issue. */
  | { issue: string }
  /** A word that was meant as an id and is none. */
  | { malformed: string }

/** The number of characters of a line that are read. */
const LONGEST_LINE = 2000
const MOST_WORDS = 40

const WANTED = /^wanted(?: (?:item|id)s?)?(?=[^\p{L}\p{N}]|$)/iu
const SIGN = /^ ?(?:[:=|→–—]|->|-(?= )) ?/
/** Words for "this work is done here"; GitHub's closing keywords are among them. */
const WORK =
  /^(?:this (?:pr|pull request|change|patch) )?(?:close|fix|resolve|implement|complete|solve|address|deliver|claim)(?:s|d|es|ed)?(?: ?: ?| )/i
const CLAIM = /^\/wl claim /i
const FILLERS = new Set(['and', 'item', 'items', 'issue', 'wl'])

/**
 * The items and issues that a description names, in order: lines that begin with `Wanted:` and the like, lines below a
 * heading `Wanted`, and lines such as `Fixes w-…` or `/wl claim w-…`. Emphasis, list marks, code and links around an id
 * are ignored; quotes, fences and HTML comments are skipped. As costly as `parseMarkdown`.
 */
export function readNames(markdown: string): Name[] {
  const found: Name[] = []
  // True below a heading `Wanted`, or below a line that ends with its colon, as long as there are ids.
  let isBeneath = false
  for (const { kind, lines } of readBlocks(markdown)) {
    if (kind === 'heading') isBeneath = false
    for (const line of withoutStruck(lines)
      .map(cleaned)
      .filter((text) => text !== '')) {
      const start = readStart(line, kind === 'heading')
      const names: Name[] =
        start !== undefined ? namesIn(start.rest, start.isSure) : isBeneath ? namesIn(line, true) : []
      found.push(...names)
      isBeneath = start === undefined ? isBeneath && names.length > 0 : start.isSure && start.rest === ''
    }
  }
  return found
}

/**
 * Cheap check before parsing: false for a text that names nothing; most are such. A word or an id that is pieced
 * together of entities or links is not found.
 */
export function mayHaveNames(markdown: string): boolean {
  const text = plain(markdown)
  const isBegun = text.split(/[\r\n]/).some((line) => STARTS.test(line.replace(TICK, '')))
  return (isBegun && NAMED.test(text)) || WORKS.test(text)
}

const STARTS = /^[^a-z]{0,40}wanted/i
const TICK = /\[x\]/i
const NAMED = /w-\S|wl:\S|#\d|\/issues\/\d/i
const WORKS =
  /(?:clos|fix|resolv|implement|complet|solv|address|deliver|claim)[a-z]{0,4}[^a-z0-9]{1,20}(?:items? |issue )?(?:wl:\s?)?w-[a-z0-9]/i

/** Text as people see it: full-width signs become plain ones; escapes, emphasis and invisible characters are gone. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/[*~\\\p{Cf}]/gu, '')
}

/**
 * Removes text that GitHub strikes out: between two `~` or two `~~`, as
 * <https://github.github.com/gfm/#strikethrough-extension-> has it. It may begin in one line and end in another.
 */
function withoutStruck(lines: readonly string[]): string[] {
  const text = lines.join('\n')
  const open = new Map<string, number>()
  let kept = ''
  let from = 0
  for (const { 0: marks, index } of text.matchAll(/~+/g)) {
    const end = index + marks.length
    const begin = /\S/.test(text[index - 1] ?? ' ') ? open.get(marks) : undefined
    if (begin !== undefined) {
      // Line ends stay, so that the text behind still begins a line.
      kept += text.slice(from, begin) + text.slice(begin, index).replace(/[^\n]+/g, ' ')
      from = end
      open.clear()
    } else if (marks.length <= 2 && !open.has(marks) && /\S/.test(text[end] ?? ' ')) open.set(marks, index)
  }
  return (kept + text.slice(from)).split('\n')
}

/** A line in plain words, without anything before its first word: a tick, an emoji, a bullet. */
function cleaned(line: string): string {
  return plain(line.slice(0, LONGEST_LINE))
    .replace(/\s+/g, ' ')
    .replace(/(?<![\p{L}\p{N}-])_|_(?![\p{L}\p{N}])/gu, '')
    .trim()
    .replace(/^\[x\] /i, '')
    .replace(/^[^\p{L}\p{N}\ufffc/#>"'“„«‘[(]{1,12}/u, '')
}

/** The rest of a line that begins by naming items. `isSure`: its words can mean nothing else. */
function readStart(line: string, isHeading: boolean): { rest: string; isSure: boolean } | undefined {
  const [wanted] = WANTED.exec(line) ?? []
  if (wanted !== undefined) {
    const rest = line.slice(wanted.length)
    const [sign] = SIGN.exec(rest) ?? []
    const isAlone = isHeading && rest === ''
    return { rest: rest.slice(sign?.length ?? 0).trim(), isSure: sign !== undefined || isAlone }
  }
  const [work] = CLAIM.exec(line) ?? WORK.exec(line) ?? []
  return work === undefined ? undefined : { rest: line.slice(work.length), isSure: false }
}

/**
 * The ids at the start of a text. The first word that is no id is reported as malformed where it was surely meant as
 * one.
 */
function namesIn(text: string, isSure: boolean): Name[] {
  const found: Name[] = []
  for (const raw of text.replaceAll(LEFT_OUT, ' ').split(/[\s,;&+|]+/, MOST_WORDS)) {
    const word = withoutMarks(raw)
    if (word === '' || FILLERS.has(word.toLowerCase())) continue
    const isFirst = isSure && found.length === 0
    const name = readName(word, isFirst, isSure) ?? (isFirst ? misspelt(raw) : undefined)
    if (name === undefined) break
    found.push(name)
  }
  return found
}

function readName(word: string, isFirst: boolean, isSure: boolean): Name | undefined {
  const item = readWantedId(word.replace(/^wl:/i, ''))
  if (item !== undefined) return { item, certain: isFirst || isWellFormedWantedId(item) }
  return isSure && (/^#[1-9]\d{0,9}$/.test(word) || /^https?:\/\//i.test(word)) ? { issue: word } : undefined
}

/** A word that begins like an id. `w-…` is a placeholder that was left in its place. */
function misspelt(raw: string): Name | undefined {
  const word = raw.slice(Math.max(0, raw.search(BEGIN)))
  return /^(?:wl:|w-)./i.test(word) && !/^w-\.*$/i.test(word) ? { malformed: word } : undefined
}

const BEGIN = /[\p{L}\p{N}#]/u

/** A word without brackets, quotes and punctuation around it. */
function withoutMarks(word: string): string {
  const begin = word.search(BEGIN)
  if (begin === -1) return ''
  let end = word.length
  while (end > begin + 1 && !/[\p{L}\p{N}]/u.test(word[end - 1]!)) end--
  return word.slice(begin, end)
}
