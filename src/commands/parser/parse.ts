import { LEFT_OUT } from '../../domain/markdown.ts'
import { readPlainText } from '../../ops/text-reader.ts'
import type { Command } from '../command.ts'
import { isNumberWord } from './number-words.ts'
import { keyOf, optionNames } from './option-names.ts'
import { COMMANDS } from '../registry.ts'
import { beginsWithOption, MAX_TEXT, tokenize } from './tokens.ts'
import { type Mention, mentioned, hiddenName, inCode, NEAR_LINE } from './mentions.ts'
import { startOf, nameIn, type CommandStart, LIST_MARK, withoutMarks, INVISIBLE } from './command-start.ts'

/** One command as it was written. */
export interface WrittenCommand {
  /** The whole command, for replies and for its id. Several lines have `\n` between them. */
  line: string
  /** From `/wl` to the end of its line, in plain text. */
  raw: string
  /** The name in lower case, without punctuation behind it. */
  name: string
  /** The text after the name, in plain text. */
  rest: string
  /** The Markdown of its lines, with code and links. */
  source: string
  /** The number of its lines. */
  lines: number
  /** Whether a table of options comes right below, which is not read. */
  hasTable: boolean
  /** True for one line that begins with `/wl` and a name, without marks around them. */
  isPlain: boolean
}

/** The commands and mentions in a comment. */
export interface ParsedComment {
  commands: WrittenCommand[]
  /** Lines with a command that is not at their start, or not written as one: these do not run. */
  mentions: Mention[]
}

export const MAX_COMMANDS = 20
/** The most lines of a command. */
const MAX_LINES = 10
/** The most blank lines before something that goes on from a command. */
const MAX_BLANKS = 2

/** The commands that a comment has in plain text, in order; undefined when the comment is too tangled to be read. */
export async function parseCommands(comment: string): Promise<WrittenCommand[] | undefined> {
  return (await parseComment(comment))?.commands
}

export async function parseComment(comment: string): Promise<ParsedComment | undefined> {
  if (!mayConcern(comment)) return { commands: [], mentions: [] }
  const text = await readPlainText(comment)
  if (text === undefined) return undefined
  const plain = text.split('\n').map((line) => line.trim())
  const source = comment.split(/\r\n?|\n/)
  const starts = plain.map(startOf)
  const commands: WrittenCommand[] = []
  const mentions: Mention[] = []
  // In a list or in emphasis beside other text, commands are examples; where nothing else is there, they are meant.
  const isAlone = isOnlyCommands(plain, starts)
  for (let at = 0; at < plain.length; at++) {
    const start = starts[at]
    if (start !== undefined && (isAlone || start.marks === '')) {
      const written = readLines(plain, source, starts, at)
      commands.push(written)
      at += written.lines - 1
    } else {
      const name = start === undefined ? mentioned(plain[at]!) : nameIn(start.text)
      const hidden = name === undefined ? hiddenName(source, plain, at) : undefined
      if (name !== undefined) mentions.push({ line: plain[at]!.replaceAll(LEFT_OUT, '…'), name })
      else if (hidden !== undefined) mentions.push({ line: source[at]!.trim(), name: hidden })
    }
  }
  const code = commands.length + mentions.length === 0 ? inCode(source) : undefined
  return { commands, mentions: code === undefined ? mentions : [code] }
}

/** False for a text that surely has no command; most have none. This check does not parse. */
export function mayHaveCommands(comment: string): boolean {
  return /\/wl/i.test(comment) && comment.split(/\r\n?|\n/).some((line) => startOf(line.trim()) !== undefined)
}

/** False for a text that neither has a command nor mentions one. */
export function mayConcern(comment: string): boolean {
  return /\/wl/i.test(comment) || NEAR_LINE.test(comment)
}

/** Whether each line with text is a command or goes on from one. */
function isOnlyCommands(plain: readonly string[], starts: readonly (CommandStart | undefined)[]): boolean {
  let command: Command | undefined
  return plain.every((line, at) => {
    const start = starts[at]
    if (start !== undefined) command = commandOf(start.text)
    return start !== undefined || line === '' || (command !== undefined && beginsOption(line, command))
  })
}

function commandOf(text: string): Command | undefined {
  const name = nameIn(text)
  return COMMANDS.find((known) => known.name === name || known.aliases?.includes(name ?? ''))
}

/** The command that begins in a line, with the lines that go on from it. */
function readLines(
  plain: readonly string[],
  source: readonly string[],
  starts: readonly (CommandStart | undefined)[],
  at: number,
): WrittenCommand {
  const { text: first, raw, marks } = starts[at]!
  const command = commandOf(first)
  const isKey = (name: string) => command !== undefined && keyOf(command, name) !== undefined
  let text = first
  let lines = 1
  for (let next = at + 1; next < plain.length && lines < MAX_LINES && text.length < MAX_TEXT; next++) {
    const below = plain[next] === '' ? optionBelow(plain, starts, next, isKey) : next
    if (below === undefined || starts[below] !== undefined) break
    lines += below - next
    next = below
    const line = plain[next]!
    if (text.endsWith('\\')) text = `${text.slice(0, -1).trimEnd()}\n${line}`
    else if (command !== undefined && beginsOption(line, command)) text = `${text}\n${line.replace(LIST_MARK, '')}`
    else {
      const more = closesQuote(plain, starts, next, text, isKey) ?? upToOption(plain, starts, next, text, isKey)
      if (more === undefined) break
      text = more.text
      lines += more.lines - 1
      next += more.lines - 1
    }
    lines++
  }
  // A backslash at the end of a command joins nothing.
  if (lines === 1 && text.endsWith('\\') && !text.endsWith('\\\\')) text = text.slice(0, -1).trimEnd()
  const named = /^\/wl\s*(\S*)/i.exec(text)!
  const bare = named[1]!.toLowerCase()
  const isOption = /[=＝]/.test(bare) || /^\s*[=＝]/.test(text.slice(named[0].length))
  const name = isOption ? '' : withoutMarks(bare)
  const written = plain.slice(at, at + lines)
  return {
    line: written.join('\n').replaceAll(LEFT_OUT, '…'),
    raw,
    name,
    rest: text.slice(isOption ? named[0].length - bare.length : named[0].length),
    source: source.slice(at, at + lines).join('\n'),
    lines,
    hasTable: hasTableBelow(plain, at + lines, isKey),
    isPlain: lines === 1 && marks === '' && bare === name && written[0] === text,
  }
}

/** A line without a list mark. */
function begun(line: string): string {
  return line.replace(LIST_MARK, '').replace(INVISIBLE, '')
}

/** Whether a table comes right below whose rows begin with options: people may take them for the command's. */
function hasTableBelow(plain: readonly string[], below: number, isKey: (name: string) => boolean): boolean {
  let at = below
  while (at < below + MAX_BLANKS && plain[at] === '') at++
  for (const row of plain.slice(at, at + MAX_LINES)) {
    if (!row.startsWith('|')) return false
    if (isKey(row.split('|', 2)[1]!.trim().toLowerCase())) return true
  }
  return false
}

/** The first line of the next paragraph, if it begins with an option: a reader takes that option for the command's. */
function optionBelow(
  plain: readonly string[],
  starts: readonly (CommandStart | undefined)[],
  blank: number,
  isKey: (name: string) => boolean,
): number | undefined {
  const at = blank + plain.slice(blank, blank + MAX_BLANKS + 1).findIndex((line) => line !== '')
  if (at < blank || starts[at] !== undefined) return undefined
  return beginsWithOption(begun(plain[at]!), isKey) ? at : undefined
}

/** The lines of other words up to an option in the same paragraph: a reader takes that option for the command's too. */
function upToOption(
  plain: readonly string[],
  starts: readonly (CommandStart | undefined)[],
  from: number,
  text: string,
  isKey: (name: string) => boolean,
): { text: string; lines: number } | undefined {
  for (let at = from; at < plain.length && at - from < MAX_LINES; at++) {
    const line = plain[at]!
    if (line === '' || starts[at] !== undefined) return undefined
    if (beginsWithOption(begun(line), isKey))
      return { text: [text, ...plain.slice(from, at)].join('\n'), lines: at - from }
  }
  return undefined
}

/**
 * The lines up to the end of a quote that is open at the end of a text; undefined where no quote is open, or it never
 * closes.
 */
function closesQuote(
  plain: readonly string[],
  starts: readonly (CommandStart | undefined)[],
  from: number,
  text: string,
  isKey: (name: string) => boolean,
): { text: string; lines: number } | undefined {
  const rest = (whole: string) => whole.replace(/^\/wl\s+\S+/i, '')
  if (tokenize(rest(text), isKey).broken !== 'open') return undefined
  let joined = text
  for (let at = from; at < plain.length && at - from < MAX_LINES - 1; at++) {
    const line = plain[at]!
    if (line === '' || starts[at] !== undefined) return undefined
    joined = `${joined}\n${line}`
    if (joined.length > MAX_TEXT) return undefined
    if (tokenize(rest(joined), isKey).broken !== 'open') return { text: joined, lines: at - from + 1 }
  }
  return undefined
}

/** Whether a line begins with an option of a command and its value, like the lines below a command do. */
function beginsOption(line: string, command: Command): boolean {
  const begin = begun(line)
  const isKey = (name: string) => keyOf(command, name) !== undefined
  if (beginsWithOption(begin, isKey)) return true
  const [, name = '', value = ''] = /^-{0,3}([a-z]{1,20})\s+([0-9]|[a-z]{3,5}(?![a-z]))/i.exec(begin) ?? []
  if (/^[a-z]/i.test(value) && !isNumberWord(value)) return false
  const key = keyOf(command, name)
  return key !== undefined && optionNames(command).counted.includes(key)
}
