/** An option, `key=value`, in any of the ways in which people write it. */
export interface OptionToken {
  kind: 'option'
  /** The option's name in lower case. */
  key: string
  value: string
  isQuoted: boolean
  /** Written exactly as help shows it: `key=value` or `key="value"`. */
  isPlain: boolean
  /** True where text that is struck out begins or ends here. */
  isStruck: boolean
  source: string
}

/** A quoted text without a name. */
export interface TextToken {
  kind: 'text'
  value: string
  isStruck: boolean
  source: string
}

export interface WordToken {
  kind: 'word'
  /** The offset at which it begins in the text. */
  from: number
  /** The word without marks around it and punctuation behind it. */
  word: string
  isPlain: boolean
  isStruck: boolean
  source: string
}

export type Token = OptionToken | TextToken | WordToken

export interface CommandTokens {
  tokens: Token[]
  /** A fault of quotes: one is not closed (`open`), or is inside a value (`midst`). Nothing after it was read. */
  broken?: 'open' | 'midst'
}

export interface Scan {
  text: string
  isKey: (name: string) => boolean
  /**
   * The closing marks of brackets and emphasis that were opened before words and are not closed yet; `MOST_OPEN` at
   * most.
   */
  open: string[]
  /**
   * True where no single quote closes from here on. This is found out once, so that many opening quotes cost no more
   * than one.
   */
  hasNoClose?: boolean
}

export type ReadToken = { token: Token; end: number } | { broken: 'open' | 'midst' }

export type Value = { text: string; isQuoted: boolean; isPlain: boolean; end: number }

const SMART = '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb'

export const SMART_QUOTES = new Set(SMART)

export const SINGLE = new Set(["'", '\u2018', '\u2019'])

export const BLANK = /\s/

export const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u
