import { LEFT_OUT } from '../../domain/markdown.ts'
import {
  type CommandTokens,
  type Token,
  type Scan,
  type ReadToken,
  type Value,
  LETTER_OR_DIGIT,
  BLANK,
  SMART_QUOTES,
  SINGLE,
} from './token.ts'
import { readQuoted, closeOfSingle } from './quotes.ts'

/** The most characters of a command. A longer one is refused unread, for reading takes this thread's time. */
export const MAX_TEXT = 4000
const OPENERS = new Set('([{<*_~-\u2010\u2011\u2012\u2013\u2014\u2212')
const MARKS = new Set('*_~')
const CLOSER_OF: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '*': '*',
  _: '_',
  '~': '~',
}
const CLOSERS = new Set(')]}>*_~')
/** Separators between options. */
const SEPARATORS = new Set([',', ';', '\uff0c', '\uff1b', '\u3001', '\u3002'])
const SIGNS = new Set(['=', ':', '\uff1d', '\uff1a'])
const NAME = /[a-zA-Z][\w-]*/y
/** Invisible characters. Those that reorder a line are not among them: they are refused. */
const ZERO_WIDTH = /[\u00ad\u200b-\u200f\u2060\ufeff]/g

export function hasInvisible(text: string): boolean {
  return text.search(ZERO_WIDTH) !== -1
}

const BEYOND_ASCII = /[^\0-\x7f]/
/** The characters that `toAscii` changes. */
const CHANGED = /[\u00ad\u200b-\u200f\u2060\ufeff\uff01-\uff5e]/

/** Replaces the full-width forms of East Asian keyboards by ASCII, and removes invisible characters. */
export function toAscii(text: string): string {
  if (!CHANGED.test(text)) return text
  return text
    .replace(ZERO_WIDTH, '')
    .replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
}

/**
 * A word or value in ASCII, but as it is where a login behind an `@` is only in part of full-width forms: `@bob６` may be
 * `@bob6`, or `@bob` and a score.
 */
function asciiWord(source: string): string {
  if (!CHANGED.test(source)) return source
  const visible = source.replace(ZERO_WIDTH, '')
  const login = LOGIN.exec(visible)?.[1] ?? ''
  const isMixed = /[a-z\d]/i.test(login) && BEYOND_ASCII.test(login)
  return isMixed ? visible.replace('\uff20', '@') : toAscii(source)
}

/** A login behind its `@`, in ASCII or full-width forms. */
const LOGIN = /[@\uff20]([a-z\d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a-]+)/i

/** True for a word that is nothing but punctuation or an emoji: it has no meaning that could be lost. */
export function saysNothing(word: string): boolean {
  return !LETTER_OR_DIGIT.test(word) && !/[@=#\u2b50\u2605\u2606\u{1f31f}]/u.test(word) && !word.includes(LEFT_OUT)
}

/**
 * Whether struck-out text begins or ends in a token. GitHub strikes out text between one or two `~`; an address may
 * have them within.
 */
function isStruck(source: string): boolean {
  if (!source.includes('~') || !LETTER_OR_DIGIT.test(source)) return false
  return (source.includes('~~') && !source.includes('://')) || /^[([{<*_]{0,8}~|~[)\]}>*_.,;:!?]{0,8}$/.test(source)
}

/** The marks behind the last quote of a token. */
function endOf(source: string): string {
  let at = source.length
  while (at > 0 && CLOSING.has(source[at - 1]!)) at--
  return source.slice(at)
}

const CLOSING = new Set(')]}>*_~.,;!')

/**
 * Splits the text after a command's name into tokens, in time linear in its length. `isKey` knows the command's option
 * names, in lower case.
 */
export function tokenize(text: string, isKey: (name: string) => boolean): CommandTokens {
  const tokens: Token[] = []
  const scan: Scan = { text, isKey, open: [] }
  let at = skipBlanks(text, 0)
  while (at < text.length) {
    const read = readOption(scan, at) ?? readText(scan, at) ?? readWord(scan, at)
    if ('broken' in read) return { tokens, broken: read.broken }
    tokens.push(read.token)
    at = skipBlanks(text, read.end)
  }
  return { tokens }
}

/** The most open marks: people nest no deeper, and each closing mark is searched among all of them. */
const MOST_OPEN = 32

function opens({ open }: Scan, closer: string) {
  if (open.length < MOST_OPEN) open.push(closer)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && (BLANK.test(text[at]!) || text[at] === '\u200b')) at++
  return at
}

/** Reads the name of an option and its sign, with the end of both; undefined where none begins here. */
function nameAt(
  { text, isKey }: Scan,
  from: number,
): { key: string; closers: string; sign: string; end: number } | undefined {
  NAME.lastIndex = from
  const name = NAME.exec(text)?.[0]
  if (name === undefined) return undefined
  let at = from + name.length
  while (at < text.length && CLOSERS.has(text[at]!)) at++
  const key = name.toLowerCase().replace(/_{1,2}$/, '')
  const closers = '_'.repeat(name.length - key.length) + text.slice(from + name.length, at)
  const signAt = skipBlanks(text, at)
  const sign = text[signAt]
  if (sign === undefined || !SIGNS.has(sign)) return undefined
  const isColon = sign === ':' || sign === '\uff1a'
  if (isColon && !isKey(key) && (text.startsWith('//', signAt + 1) || signAt > at || /^(?:wl$|[wcs]-)/.test(key)))
    return undefined
  if (closers !== '' && !isKey(key)) return undefined
  return { key, closers, sign, end: signAt + 1 }
}

/** Whether a text begins with an option of `isKey` and its sign, like the options on lines below a command. */
export function beginsWithOption(text: string, isKey: (name: string) => boolean): boolean {
  let at = 0
  while (at < text.length && OPENERS.has(text[at]!)) at++
  const named = nameAt({ text, isKey, open: [] }, at)
  return named !== undefined && isKey(named.key) && !text.startsWith('//', named.end)
}

function readOption(scan: Scan, from: number): ReadToken | undefined {
  const { text } = scan
  let at = from
  while (at < text.length && OPENERS.has(text[at]!)) at++
  const isWrapped = at > from
  const named = nameAt(scan, at)
  if (named === undefined) return undefined
  const { key, sign, closers } = named
  for (const char of text.slice(from, at)) if (CLOSER_OF[char] !== undefined) opens(scan, CLOSER_OF[char])
  // `**quality**=4` closes before its sign; `quality>=4` is no option.
  for (const char of named.closers) if (!close(scan, char) && char === '>') return undefined
  let begin = named.end
  while (scan.open.length > 0 && begin < text.length && MARKS.has(text[begin]!)) begin++
  // A blank after the sign is skipped, unless the next option follows.
  const next = skipBlanks(text, begin)
  if (next > begin && nameAt(scan, next) === undefined) begin = next
  const value = readValue(scan, begin)
  if ('broken' in value) return value
  const isPlain = !isWrapped && closers === '' && sign === '=' && value.isPlain
  const { text: said, isQuoted, end } = value
  const source = text.slice(from, end)
  const struck =
    isStruck(isQuoted ? text.slice(from, begin) + 'x' : source) || (isQuoted && isStruck(`x${endOf(source)}`))
  return { token: { kind: 'option', key, value: said, isQuoted, isPlain, isStruck: struck, source }, end }
}

function readValue(scan: Scan, from: number): Value | { broken: 'open' | 'midst' } {
  const quoted = readQuoted(scan, from)
  if (quoted !== undefined) return quoted
  const { text, isKey } = scan
  let at = from
  let isAddress = false
  for (; at < text.length && !BLANK.test(text[at]!); at++) {
    const char = text[at]!
    if (char === '"' || SMART_QUOTES.has(char)) return { broken: 'midst' }
    if (char === ':' && text.startsWith('//', at + 1)) isAddress = true
    // An address may have separators, and text behind them that looks like an option.
    if (SEPARATORS.has(char) && (!isAddress || BLANK.test(text[at + 1] ?? ' '))) {
      const named = nameAt({ text, isKey, open: [] }, skipBlanks(text, at + 1))
      if (named !== undefined && isKey(named.key)) break
    }
  }
  const raw = text.slice(from, at)
  const value = unwrapped(scan, asciiWord(raw))
  const isSeparated = SEPARATORS.has(text[at] ?? '')
  return { text: value, isQuoted: false, isPlain: value === raw && !isSeparated, end: isSeparated ? at + 1 : at }
}

/** Removes the closing marks of brackets and emphasis that were opened before, and the punctuation behind them. */
function unwrapped(scan: Scan, value: string): string {
  let end = value.length
  while (end > 0 && /[.,;!]/.test(value[end - 1]!)) end--
  const before = end
  while (end > 0 && close(scan, value[end - 1]!)) end--
  return end === before ? value : value.slice(0, end)
}

/** Closes the last open mark that a character closes; false where there is none. */
function close({ open }: Scan, char: string): boolean {
  const at = open.lastIndexOf(char)
  if (at === -1) return false
  open.splice(at, 1)
  return true
}

function readText(scan: Scan, from: number): ReadToken | undefined {
  const open = scan.text[from]!
  if (SINGLE.has(open) && closeOfSingle(scan, from + 1) === undefined) return undefined
  const quoted = readQuoted(scan, from)
  if (quoted === undefined || 'broken' in quoted) return quoted
  const source = scan.text.slice(from, quoted.end)
  return {
    token: { kind: 'text', value: quoted.text, isStruck: isStruck(`x${endOf(source)}`), source },
    end: quoted.end,
  }
}

function readWord(scan: Scan, from: number): ReadToken {
  const { text } = scan
  let at = from
  while (at < text.length && !BLANK.test(text[at]!)) {
    if (text[at] === '"' || SMART_QUOTES.has(text[at]!)) return { broken: 'midst' }
    at++
  }
  const source = text.slice(from, at)
  const word = bareWord(scan, asciiWord(source))
  return { token: { kind: 'word', from, word, isPlain: word === source, isStruck: isStruck(source), source }, end: at }
}

/**
 * A word without marks around it: `**@bob**,` is `@bob`. A word without a letter or digit stays as it is, and so does a
 * mark at the end that closes nothing.
 */
function bareWord(scan: Scan, source: string): string {
  if (!LETTER_OR_DIGIT.test(source)) return source
  let begin = 0
  let end = source.length
  for (let closer = CLOSER_OF[source[begin]!]; closer !== undefined; closer = CLOSER_OF[source[++begin]!])
    opens(scan, closer)
  while (end > begin && (/[.,;:!?]/.test(source[end - 1]!) || close(scan, source[end - 1]!))) end--
  return source.slice(begin, end)
}
