import { type Scan, type Value, SINGLE, SMART_QUOTES, LETTER_OR_DIGIT, BLANK } from './token.ts'

/** Reads a text in quotes of any kind; undefined where no quote opens here. */
export function readQuoted(scan: Scan, from: number): Value | { broken: 'open' | 'midst' } | undefined {
  const { text } = scan
  const open = text[from]
  if (open === undefined) return undefined
  const isSingle = SINGLE.has(open)
  if (open !== '"' && !SMART_QUOTES.has(open) && !isSingle) return undefined
  const close = isSingle ? closeOfSingle(scan, from + 1) : closeOf(text, from + 1, open)
  if (close === undefined) return { broken: 'open' }
  const said = text.slice(from + 1, close)
  let end = close + 1
  const after = text[end]
  if (after !== undefined && (LETTER_OR_DIGIT.test(after) || after === '"' || SMART_QUOTES.has(after)))
    return { broken: 'midst' }
  // It is not clear which of several quotes ends the text.
  if (isSingle && hasLaterSingle(text, end)) return { broken: 'midst' }
  let isPlain = !isSingle
  while (end < text.length && /[)\]}>*_~.,;!]/.test(text[end]!)) end++
  if (/[,;]/.test(text.slice(close + 1, end))) isPlain = false
  return { text: isSingle ? said : said.replace(/\\(.)/gs, '$1'), isQuoted: true, isPlain, end }
}

/** The end of a quoted text. A backslash escapes the quote after it. */
function closeOf(text: string, from: number, open: string): number | undefined {
  const isClose = (char: string) => (open === '"' ? char === '"' : SMART_QUOTES.has(char))
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (isClose(text[at]!)) return at
  }
  return undefined
}

function isSingleClose(text: string, at: number): boolean {
  if (!SINGLE.has(text[at]!) || text[at] === '\u2018') return false
  const next = text[at + 1]
  return next === undefined || BLANK.test(next) || /[.,;!?)\]}*_]/.test(next)
}

/** The end of a text in single quotes. The apostrophe of `don't` ends nothing. */
export function closeOfSingle(scan: Scan, from: number): number | undefined {
  if (scan.hasNoClose === true) return undefined
  for (let at = from; at < scan.text.length; at++) if (isSingleClose(scan.text, at)) return at
  scan.hasNoClose = true
  return undefined
}

/** Whether another single quote may end the same text, before one opens again. */
function hasLaterSingle(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    if (!SINGLE.has(text[at]!)) continue
    if (isSingleClose(text, at)) return true
    if (/[\s=:]/.test(text[at - 1] ?? ' ')) return false
  }
  return false
}
