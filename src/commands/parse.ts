import { LEFT_OUT, linesOf } from '../domain/markdown.ts'
import { plainLines } from '../ops/text-reader.ts'

/**
 * One command as it was written. `words` are what stands bare before any prose: ids, logins, a command's name
 * for `help`; `options` are `key=value`, keys in lower case, the last of a key wins nothing: twice is kept in `twice`.
 */
export interface Written {
  /** The whole line, for replies. */
  line: string
  /** The line as plain text gave it. */
  raw: string
  name: string
  words: string[]
  options: Map<string, string>
  /** Keys whose bare value is followed by a plain word, which may have been meant as its rest. */
  trailing: Set<string>
  /** Keys that were given more than once. */
  twice: string[]
  /** Quotes that do not pair: one not closed, or one in the midst of a value. */
  unclosed: boolean
}

export const MAX_COMMANDS = 20
const START = /^\/wl(?=\s|$)/i
const SMART = '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb'
/**
 * `key="…"`, the same in the quotes that phones write, `key=value`, or a word. A backslash keeps the quote after
 * it. A blank after `=` is skipped, unless the next option follows.
 */
const TOKEN = new RegExp(
  String.raw`([a-zA-Z][\w-]*)\s*=(?:\s+(?![a-zA-Z][\w-]*\s*=))?` +
    String.raw`(?:"((?:[^"\\]|\\.)*)("?)|[${SMART}]((?:[^${SMART}\\]|\\.)*)([${SMART}]?)|([^\s"${SMART}]*))|(\S+)`,
  'gs',
)
const QUOTE = new RegExp(`^["${SMART}]`)
const GOES_ON = new RegExp(String.raw`^[\p{L}\p{N}"${SMART}]`, 'u')

/** The commands that a comment says in plain text, in order; undefined when it is too tangled to be read. */
export async function parseCommands(comment: string): Promise<Written[] | undefined> {
  const lines = await plainLines(comment, START)
  return lines?.map((line) => parseLine(line, line.replace(START, '')))
}

/** False of a text that surely has none, unparsed; most have none. */
export function mayHaveCommands(comment: string): boolean {
  return linesOf(comment, START).length > 0
}

function parseLine(line: string, rest: string): Written {
  const written: Written = {
    line: line.replaceAll(LEFT_OUT, '…'),
    raw: line,
    name: '',
    words: [],
    options: new Map(),
    trailing: new Set(),
    twice: [],
    unclosed: false,
  }
  let bareKey: string | undefined
  for (const token of rest.matchAll(TOKEN)) {
    const [whole, key, plain, plainEnd, smart, smartEnd, bare, word] = token
    const next = rest.slice(token.index + whole.length, token.index + whole.length + 2)
    const quoted = plain ?? smart
    if (key === undefined) {
      if (written.name === '' && written.options.size === 0) written.name = word!.toLowerCase()
      else written.words.push(word!)
      if (bareKey !== undefined) written.trailing.add(bareKey)
      bareKey = undefined
      continue
    }
    addOption(written, key.toLowerCase(), quoted?.replace(/\\(.)/gs, '$1') ?? bare ?? '')
    bareKey = quoted === undefined ? key.toLowerCase() : undefined
    const broken = quoted === undefined ? QUOTE.test(next) : (plainEnd ?? smartEnd) === '' || GOES_ON.test(next)
    if (broken) written.unclosed = true
  }
  return written
}

function addOption(written: Written, key: string, value: string) {
  if (written.options.has(key)) written.twice.push(key)
  else written.options.set(key, value)
}
