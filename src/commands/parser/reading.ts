import { LEFT_OUT } from '../../domain/markdown.ts'
import { faults } from '../../replies/faults.ts'
import type { Command } from '../command.ts'
import { ASKS, doubtIn, isCondition } from './doubts.ts'
import { meantValue } from './numbers.ts'
import { TEXTS } from './options.ts'
import { keyOf, LONGEST_NAME, meantKey } from './option-names.ts'
import { type Before, isFiller, isJoint, mayBeLogin, notProse } from './prose.ts'
import { endsSomething } from './synonyms.ts'
import { saysNothing } from './tokens.ts'
import { plainValue } from './values.ts'
import type { Token, WordToken } from './token.ts'

// A command while it is read: its values and its faults so far. The readers of its pieces write into it.

interface OptionValue {
  value: string
  /** The value as it was written. */
  source: string
  /** True for a value that was concluded from a refused one, and not written. */
  isGuess?: true
}

export interface CommandDraft {
  command: Command
  given: Map<string, OptionValue>
  faults: string[]
  /** The corrected line so far. */
  pieces: string[]
  /** The options of that line whose value is missing, such as `priority=…`. */
  gaps: string[]
  /** Words before an option or a name, in the order given. */
  between: { words: WordToken[]; before: Before }[]
  /** Words that nothing has taken yet. */
  pending: WordToken[]
  /** Whether one of them has a meaning. It is needed for every word, so it is not searched for each time. */
  isProse: boolean
  isPlain: boolean
  /** False once it is not clear what was meant. */
  isCertain: boolean
  /** True where another command is meant. */
  isElsewhere: boolean
  /** The token right behind the command. */
  first: Token | undefined
  /** Options whose value was refused already, so that they are not reported as missing too. */
  refused: Set<string>
}

/** A value without the punctuation at its end: `4;`, `4.` and `4!` are 4. An address may end in any of them. */
export function withoutEnd(value: string): string {
  return value.includes('://') ? value : value.replace(/(?<=[\p{L}\p{N}%+#])[.;!?？。、]{1,9}$/u, '')
}

export function give(reading: CommandDraft, key: string, { value, source }: OptionValue, isPlain: boolean) {
  const { command, given } = reading
  if (given.has(key)) {
    fault(reading, faults.twice(key))
    return
  }
  const plain = plainValue(key, value)
  if (plain !== value || !isPlain) reading.isPlain = false
  const meant = meantFor(command, key, plain)
  if (meant !== undefined) {
    fault(reading, notPossible(command, key, value), { [key]: meant })
    return
  }
  given.set(key, { value: plain, source })
  reading.pieces.push(pieceOf(command, key, plain))
}

/** An option as help writes it. */
export function pieceOf(command: Command, key: string, value: string): string {
  if (command.words.includes(key) && /^@?[\w.[\]-]+$/.test(value)) return value
  const isBare = /^[\p{L}\p{N}_.,+#@/:-]+$/u.test(value) && !TEXTS.has(command.options.shape[key]!)
  return `${key}=${
    isBare
      ? value
      : `"${value
          .trim()
          .replace(/["\\]/g, String.raw`\$&`)
          .replace(/\s+/g, ' ')}"`
  }`
}

export function isTaken(command: Command, key: string, value: string): boolean {
  return command.options.shape[key]!.safeParse(plainValue(key, value)).success
}

/** The value that was surely meant by one that its option does not take. */
export function meantFor(command: Command, key: string, value: string): string | undefined {
  const meant = meantValue(key, value)
  return meant !== undefined && !isTaken(command, key, value) && isTaken(command, key, meant) ? meant : undefined
}

export function notPossible(command: Command, key: string, value: string): string {
  const message = command.options.shape[key]!.safeParse(plainValue(key, value)).error?.issues[0]?.message ?? ''
  return faults.notPossible(`${key}=${value}`, message)
}

export const PERSONS = new Set(['person', 'agent', 'by'])

/** Whether a word is punctuation that takes nothing back: neither a question mark nor an emoji. */
export function isMark({ source }: WordToken): boolean {
  return /^\p{P}*$/u.test(source) && !ASKS.test(source)
}

/** Whether words beside `confirm` may take it back, such as `or not?`: nothing is prose there. */
export function isUnsure({ given, pending }: CommandDraft): boolean {
  return given.has('confirm') && !pending.every(isMark)
}

/** Ends the pending words before something that is taken. They are no prose: they may say whom or what it is about. */
export function betweenWords(reading: CommandDraft, before: Before = 'option'): void {
  const { command, given, pending } = reading
  if (pending.length > 0) reading.isPlain = false
  if (isUnsure(reading)) return fault(reading, faults.notConfirmed)
  reading.isProse = false
  const all = pending.splice(0)
  const words = all.filter(({ word }) => !saysNothing(word) && !isJoint(word))
  // A sign such as ❌ has no other meaning, and denies.
  const doubt = doubtIn(command, all)
  if (words.length === 0) return doubt === undefined ? undefined : fault(reading, doubt)
  if (words.some(({ word }) => word.includes(LEFT_OUT))) {
    fault(reading, faults.hidden)
    return
  }
  const said = words.map(({ source }) => source).join(' ')
  const person = command.words.find((name) => PERSONS.has(name) && !given.has(name))
  const [only, ...others] = words
  // A word in any place but right behind the command is seldom a login.
  const isLogin =
    only === reading.first &&
    mayBeLogin(only!) &&
    !isCondition(only!.word) &&
    !isOption(command, only!.word) &&
    others.every((one) => isFiller(one, 'name'))
  if (doubt !== undefined) fault(reading, doubt)
  else if (person !== undefined && isLogin)
    fault(
      reading,
      faults.meant(said, `@${only!.word}`),
      // No person is guessed for a command that takes something from them.
      endsSomething(command.name) ? undefined : { [person]: `@${only!.word}` },
    )
  else {
    const why = notProse(command, words, [])
    // The words that join them belong to them.
    if (why === undefined)
      reading.between.push({ words: all.slice(all.indexOf(only!), all.indexOf(words.at(-1)!) + 1), before })
    else fault(reading, why)
  }
}

/** Whether a word means an option, also by another name of it. */
function isOption(command: Command, word: string): boolean {
  return word.length <= LONGEST_NAME && (keyOf(command, word) ?? meantKey(command, word)) !== undefined
}

/** The fault of an option. `fix`: the values that were surely meant; without them no corrected line can be made. */
export type OptionError = [text: string, fix?: Readonly<Record<string, string>> | undefined]

export function fault(reading: CommandDraft, ...[text, fix]: OptionError) {
  reading.faults.push(text)
  if (fix === undefined) {
    reading.isCertain = false
    return
  }
  for (const [key, value] of Object.entries(fix)) {
    reading.pieces.push(pieceOf(reading.command, key, plainValue(key, value)))
    // A corrected option is not reported as missing too.
    if (!reading.given.has(key)) reading.given.set(key, { value: plainValue(key, value), source: value, isGuess: true })
  }
}
