import type { Command } from '../command.ts'
import { denies } from './denials.ts'
import { isCondition } from './doubts.ts'
import { keyOf, optionNames } from './option-names.ts'
import { isNumberWord, NUMBER_WORDS } from './number-words.ts'
import { isCourtesy, isEmoji, isJoint, isThanks } from './prose.ts'
import { isTarget } from './targets.ts'
import { saysNothing } from './tokens.ts'
import type { Token } from './token.ts'

// Numbers without the sign (`=` or `:`) of an option, and the ones among them that belong to no option.

const SCORES: ReadonlySet<string> = new Set(['quality', 'reliability', 'creativity'])
const STARS = /^(?:stars?|[\u2b50\u2605\u{1f31f}]\ufe0f?)$/iu

export function isScore(key: string): boolean {
  return SCORES.has(key)
}

/**
 * The value that was surely meant by one that its option does not take. It is shown in the refusal, and never taken:
 * `four`, four stars or a keycap are 4, `80%` and `0,8` of confidence are 0.8. Undefined where it would be a guess:
 * `4.5`, `8/10`.
 */
export function meantValue(key: string, value: string): string | undefined {
  const text = value.trim().toLowerCase()
  if (key === 'confidence') {
    const [, percent] = /^([0-9]{1,3})\s?%$/.exec(text) ?? []
    if (percent !== undefined) return Number(percent) <= 100 ? String(Number(percent) / 100) : undefined
    const [, part] = /^0?[.,]([0-9]{1,3})$/.exec(text) ?? []
    return part === undefined ? undefined : `0.${part}`
  }
  if (!isScore(key) && key !== 'level' && key !== 'priority') return undefined
  const at = NUMBER_WORDS.indexOf(text)
  if (at !== -1) return String(at)
  const [, cap] = /^([0-9])\ufe0f?\u20e3$/.exec(text) ?? []
  if (cap !== undefined) return cap
  return isScore(key) ? starsIn(text) : undefined
}

/** The number of stars that are lit: `★★★★☆` is 4. */
function starsIn(text: string): string | undefined {
  const stars = text.replaceAll('\ufe0f', '')
  if (!/^[\u2b50\u2605\u2606\u{1f31f}]{1,20}$/u.test(stars)) return undefined
  const lit = [...stars.matchAll(/[\u2b50\u2605\u{1f31f}]/gu)].length
  return lit >= 1 && lit <= 5 ? String(lit) : undefined
}

/**
 * Whether a word may be a number. This check is cheap, and false for most words, so that few are parsed by an option.
 */
export function mayBeNumber(word: string): boolean {
  return /^[+-]?\p{N}|^[\u2b50\u2605\u2606\u{1f31f}]/u.test(word) || isNumberWord(word)
}

/** The unit behind a number. */
export interface Unit {
  /** The number of its tokens. */
  took: number
  /** The end of a scale that is not ours: `8 of 10`. */
  other?: string
}

/** The unit behind a score: `of 5`, `out of 5`, `/ 5` and `stars`. */
export function unitAt(key: string, tokens: readonly Token[], at: number): Unit {
  if (!isScore(key)) return { took: 0 }
  const said = tokens.slice(at, at + 4).map((token) => (token.kind === 'word' && !token.isStruck ? token.word : ''))
  const words = said.map((word) => word.toLowerCase())
  const of = words[0] === 'out' && words[1] === 'of' ? 2 : words[0] === 'of' || words[0] === '/' ? 1 : 0
  const end = of === 0 ? '' : (words[of] ?? '')
  const isScale = end === 'five' || /^[0-9]{1,3}$/.test(end)
  if (isScale && end !== '5' && end !== 'five') return { took: of + 1, other: end }
  const took = isScale ? of + 1 : 0
  return { took: STARS.test(words[took] ?? '') ? took + 1 : took }
}

/** Three scores in the order of help: `4/3/5`, or `4 3 5`. */
export function threeScores(tokens: readonly Token[], at: number): { scores: string[]; took: number } | undefined {
  const words = tokens.slice(at, at + 4).map((token) => (token.kind === 'word' ? token.word : ''))
  const joined = /^([1-5])[/,;-]([1-5])[/,;-]([1-5])$/.exec(words[0] ?? '')
  if (joined !== null) return { scores: joined.slice(1), took: 0 }
  const three = words.slice(0, 3)
  const isThree = three.length === 3 && three.every((word) => /^[1-5](?:\/5)?$/.test(word))
  if (!isThree || /^[0-9]/.test(words[3] ?? '')) return undefined
  return { scores: three.map((word) => word[0]!), took: 2 }
}

const PRAISED = new Set(['work', 'job', 'stuff', 'one', 'effort'])
/** Adverbs before something that is praised or counted. */
const ADVERBS = new Set('really very quite pretty so such truly'.split(' '))
const MOST_WORDS = 8

/**
 * Whether a number without a sign may count what follows it at `at`: in `2 commits look wrong` or `2 great commits`, 2
 * is no score. Punctuation, an option, thanks, an emoji or praise behind the number shows that it is a score.
 */
export function maybeCount(command: Command, number: Token, tokens: readonly Token[], at: number): boolean {
  if (/[,.;!)]$/.test(number.source)) return false
  for (let next = at; next < at + MOST_WORDS; next++) {
    const token = tokens[next]
    if (token?.kind === 'word' && isJoint(token.word)) continue
    if (token?.kind !== 'word' || saysNothing(token.word) || isEmoji(token.source) || isTarget(token.word)) return false
    if (keyOf(command, token.word.replace(/^-{1,3}/, '')) !== undefined || isThanks(token)) return false
    // The word concerns the whole line, which is refused for it.
    if (denies(token.word) || isCondition(token.word)) return false
    if (ADVERBS.has(token.word.toLowerCase())) continue
    if (next > at && PRAISED.has(token.word.toLowerCase())) return false
    if (!isCourtesy(token)) return true
    if (/[,.;!]$/.test(token.source)) return false
  }
  return true
}

/** The number of words that link an option's name to its value: `quality is 4`, `quality should be 4`. */
export function linksAt(command: Command, key: string, tokens: readonly Token[], at: number): number {
  const { counted, chosen } = optionNames(command)
  if (!counted.includes(key) && !chosen.includes(key)) return 0
  const words = tokens.slice(at, at + 3).map(plainWord)
  return [3, 2, 1].find((count) => count <= words.length && LINKS.has(words.slice(0, count).join(' '))) ?? 0
}

/** The option that is named behind a number, as in `5 for quality`, and the number of tokens up to its name. */
export function optionBehind(
  command: Command,
  tokens: readonly Token[],
  at: number,
): { key: string; took: number } | undefined {
  const link = [1, 2, 3, 4].find((one) => FOR.has(plainWord(tokens[at + one])))
  const name = link === undefined ? '' : plainWord(tokens[at + link + 1])
  const key = name === '' ? undefined : keyOf(command, name)
  if (key === undefined || !optionNames(command).counted.includes(key)) return undefined
  const { took, other } = unitAt(key, tokens, at + 1)
  // Only the number's scale may be between them; else the name belongs to another number.
  return took === link! - 1 && other === undefined ? { key, took: link! + 1 } : undefined
}

/** The new number of a change, as in `from 4 to 3`, and the number of tokens behind the old one. */
export function changeAt(tokens: readonly Token[], at: number): { to: string; took: number } | undefined {
  // The word between two numbers is the cheapest to look at.
  if (!INTO.has(plainWord(tokens[at + 1])) || !mayBeNumber(wordOf(tokens[at]))) return undefined
  const to = plainWord(tokens[at + 2])
  return mayBeNumber(to) ? { to, took: 2 } : undefined
}

/** The word of a token; empty for another token. */
export function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.word : ''
}

/** A word in lower case; empty for another token, or one that is struck out. */
function plainWord(token: Token | undefined): string {
  return token?.kind === 'word' && !token.isStruck ? token.word.toLowerCase() : ''
}

const LINKS = new Set(
  'is,to,of,at,as,equals,now,->,→,=>,-,–,—,should be,must be,shall be,is now,should now be,should have been,must have been'.split(
    ',',
  ),
)
const FOR = new Set(['for', 'on', 'in'])
const INTO = new Set(['to', '->', '→', '=>'])
