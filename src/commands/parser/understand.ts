import type { z } from 'zod'
import { LEFT_OUT } from '../../domain/markdown.ts'
import { faults } from '../../replies/faults.ts'
import type { Command, CommandOptions } from '../command.ts'
import { asksIn } from './doubts.ts'
import { keyOf, meantKey } from './option-names.ts'
import { TEXTS } from './options.ts'
import { mayBeNumber } from './numbers.ts'
import { isSmallTalk } from './prose.ts'
import { takeOption, takeStruck, takeText } from './read-options.ts'
import { takeChange, takeNumber, takeNumberFor } from './read-numbers.ts'
import { takeNamed, takeWord } from './read-words.ts'
import { fault, type CommandDraft } from './reading.ts'
import { endsSomething } from './synonyms.ts'
import { hasInvisible, saysNothing, tokenize } from './tokens.ts'
import { endProse, isNeeded, keepWords } from './words-behind.ts'
import type { OptionToken, Token, WordToken } from './token.ts'
import type { IdsInLine } from '../../services/context.ts'

/** The result of reading a command's options and words. */
export type Understood =
  | {
      args: z.output<CommandOptions>
      isPlain: boolean
      prose: string[]
      /** The words that people may miss, for they are not stored. */
      unkept: string | undefined
    }
  | {
      /** Sentences without their full stop. */
      faults: string[]
      /** The options as they were surely meant, in the order given; undefined where that is not clear. */
      corrected: string | undefined
      /** The same with `…` in the place of the values that are missing. */
      toFill?: string | undefined
      /** The item, stamp, person and agent that the line names; undefined where one of them is a guess. */
      named: IdsInLine | undefined
    }

/**
 * Reads the text after a command's name. Each piece of it is an option, or a fault, or prose behind all options
 * (`prose.ts`): nothing is dropped silently. `name`: the command's name as it was written, with the punctuation behind
 * it. `hidden`: the pieces of the line that Markdown hides.
 */
export function understand(
  command: Command,
  rest: string,
  { name = '', hidden = [] }: { name?: string; hidden?: readonly string[] } = {},
): Understood {
  const isKey = (name: string) => keyOf(command, name) !== undefined
  const { tokens: read, broken } = tokenize(rest, isKey)
  const tokens = asSentence(command, read)
  if (broken !== undefined) return { faults: [faults.quotes], corrected: undefined, named: {} }
  const reading: CommandDraft = {
    command,
    given: new Map(),
    faults: [],
    pieces: [],
    gaps: [],
    between: [],
    pending: [],
    isProse: false,
    isPlain: !hasInvisible(rest),
    isCertain: true,
    isElsewhere: false,
    first: tokens[0],
    refused: new Set(),
  }
  for (let at = 0; at < tokens.length; at++) {
    at += take(reading, tokens, at)
    if (reading.faults.length >= MOST_FAULTS)
      return { faults: [...new Set(reading.faults)], corrected: undefined, named: {} }
  }
  endProse(reading, hidden)
  const asked = asksIn(command, name, tokens)
  // The words before the question mark are the question.
  if (asked !== undefined && tokens.at(-1)?.source === asked) reading.pending.length = 0
  if (asked !== undefined)
    fault(reading, faults.asks(asked, command, rest.trim() === ''), endsSomething(command.name) ? undefined : {})
  return conclude(reading)
}

/** The most faults that are reported: nobody reads more, and each costs time. */
const MOST_FAULTS = 10

/**
 * The tokens with every option read as a word, where the command needs a text and the line has no real option:
 * `fix this: it crashes` is a sentence.
 */
function asSentence(command: Command, tokens: readonly Token[]): readonly Token[] {
  const key = command.text
  const needsText = key !== undefined && (command.isTextMeant === true || isNeeded(command, key))
  if (!needsText || !tokens.every((token) => token.kind === 'word' || (token.kind === 'option' && hasColon(token))))
    return tokens
  const names = new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.key] : [])))
  // No sentence has so many, and each is compared with all options.
  if (names.size > MOST_FAULTS || ![...names].every((name) => isNoOption(command, name))) return tokens
  return tokens.map((token) =>
    token.kind === 'option'
      ? { kind: 'word', from: 0, word: token.source, isPlain: false, isStruck: token.isStruck, source: token.source }
      : token,
  )
}

function hasColon({ isQuoted, source }: OptionToken): boolean {
  return !isQuoted && /^[\w-]+[:：]\s/.test(source)
}

function isNoOption(command: Command, key: string): boolean {
  return keyOf(command, key) === undefined && meantKey(command, key) === undefined
}

/** Reads one token; returns the number of further tokens that it took. */
function take(reading: CommandDraft, tokens: readonly Token[], at: number): number {
  const token = tokens[at]!
  if (token.isStruck) return takeStruck(reading, token)
  if (token.kind === 'option') return takeOption(reading, token, tokens, at)
  if (token.kind === 'text') return takeText(reading, token)
  const isNumber = mayBeNumber(token.word)
  return (
    (isNumber ? takeNumberFor(reading, tokens, at) : undefined) ??
    takeChange(reading, tokens, at) ??
    takeNamed(reading, tokens, at) ??
    (isNumber ? takeNumber(reading, tokens, at) : undefined) ??
    takeWord(reading, token)
  )
}

function conclude(reading: CommandDraft): Understood {
  const { command, given, faults: found, pieces, pending, isPlain } = reading
  const shape = command.options.shape
  let { isCertain } = reading
  const wrong = new Set<string>()
  for (const [key, { value, source }] of given) {
    const parsed = shape[key]!.safeParse(value)
    if (parsed.success) continue
    wrong.add(key)
    isCertain = false
    const shown = /^[@\w]/.test(source) && !/[=:]/.test(source) ? source : `${key}=${value}`
    found.push(faults.notPossible(shown, parsed.error.issues[0]!.message))
  }
  const values = Object.fromEntries(
    [...given].filter(([key]) => !wrong.has(key)).map(([key, { value }]) => [key, value]),
  )
  const parsed = command.options.safeParse(values)
  const isSure = isCertain
  const gaps = [...reading.gaps]
  if (!parsed.success) {
    const missing = parsed.error.issues.filter(
      ({ path }) =>
        (path.length > 0 || (wrong.size === 0 && found.length === 0)) &&
        !wrong.has(String(path[0] ?? '')) &&
        !reading.refused.has(String(path[0] ?? '')),
    )
    for (const { path, message } of missing) {
      const key = String(path[0] ?? '')
      isCertain = false
      const gap = gapFor(command, key)
      gaps.push(gap)
      found.push(key === '' ? message : faults.missing(key, message, gap))
    }
  }
  if (found.length === 0 && parsed.success) {
    const words = pending.filter(({ word }) => !saysNothing(word))
    return { args: parsed.data, isPlain, prose: words.map(({ word }) => word), unkept: unkeptIn(words) }
  }
  if (gaps.length > 0) isCertain = false
  keepWords(reading)
  const kept = pieces.join(' ')
  if (!reading.isCertain) isCertain = false
  const isToFill = reading.isCertain && isSure && !isCertain && pieces.length > 0 && !gaps.includes('')
  return {
    faults: [...new Set(found)],
    corrected: isCertain ? kept : undefined,
    toFill: isToFill ? [...pieces, ...gaps].join(' ') : undefined,
    named: namedIn(reading),
  }
}

function namedIn({ command, given, isElsewhere }: CommandDraft): IdsInLine | undefined {
  if (isElsewhere || NAMES.some((key) => given.get(key)?.isGuess === true)) return undefined
  const idOf = (key: keyof IdsInLine) => {
    const parsed = command.options.shape[key]?.safeParse(given.get(key)?.value)
    return parsed?.success === true && typeof parsed.data === 'string' ? { [key]: parsed.data } : {}
  }
  return Object.assign({}, ...NAMES.map(idOf)) as IdsInLine
}

const NAMES = ['item', 'stamp', 'person', 'agent'] as const

/** The gap for a missing option, such as `priority=…`; empty for a word, which has no name to write. */
function gapFor({ words, options }: Command, key: string): string {
  if (key === '' || words.includes(key)) return ''
  return `${key}=${TEXTS.has(options.shape[key]!) ? '"…"' : '…'}`
}

function unkeptIn(words: readonly WordToken[]): string | undefined {
  if (isSmallTalk(words)) return undefined
  return words
    .map(({ source }) => source)
    .join(' ')
    .replaceAll(LEFT_OUT, '…')
}
