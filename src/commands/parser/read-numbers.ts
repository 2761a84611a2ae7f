import { faults } from '../../replies/faults.ts'
import type { Command } from '../command.ts'
import { changeAt, isScore, maybeCount, mayBeNumber, optionBehind, threeScores, unitAt, wordOf } from './numbers.ts'
import { keyOf, optionNames } from './option-names.ts'
import { isCourtesy, isJoint } from './prose.ts'
import { betweenWords, fault, give, isTaken, meantFor, type CommandDraft, withoutEnd } from './reading.ts'
import { saysNothing } from './tokens.ts'
import { plainValue } from './values.ts'
import type { Token, WordToken } from './token.ts'

// Numbers without the sign (`=` or `:`) of an option.

/**
 * Reads a word that may be a number, with the name of an option behind it, as in `5 for quality`. Returns the number of
 * further tokens that it took; undefined where no such number is at `at`.
 */
export function takeNumberFor(reading: CommandDraft, tokens: readonly Token[], at: number): number | undefined {
  const { command, given } = reading
  const { word } = tokens[at] as WordToken
  const behind = optionBehind(command, tokens, at)
  if (behind === undefined || given.has(behind.key)) return undefined
  const { key, took } = behind
  const value = valueOf(command, key, word)
  if (value === undefined) return undefined
  // `3 on quality issues`, `nothing like 4 for quality`: the words beside the number may give it another meaning.
  const isClear = reading.pending.every(saysLittle) && endsHere(command, tokens, at + took)
  betweenWords(reading)
  notRead(reading, { said: sourceOf(tokens, at, took), key, value }, isClear)
  return took
}

/**
 * Reads a change of a number, as in `from 4 to 3` or `quality from 4 to 3`: the new number is meant. Returns the number
 * of further tokens that it took; undefined where no change is at `at`.
 */
export function takeChange(reading: CommandDraft, tokens: readonly Token[], at: number): number | undefined {
  const { command, given } = reading
  const name = keyOf(command, (tokens[at] as WordToken).word)
  const isNamed = name !== undefined && optionNames(command).counted.includes(name)
  const key = isNamed ? name : command.number
  const begin = isNamed ? at + 1 : at
  const isFrom = wordOf(tokens[begin]).toLowerCase() === 'from'
  const number = isFrom ? begin + 1 : begin
  const change = changeAt(tokens, number)
  if (key === undefined || change === undefined || given.has(key)) return undefined
  const value = valueOf(command, key, change.to)
  if (value === undefined) return undefined
  const took = number - at + change.took
  const said = sourceOf(tokens, at, took)
  betweenWords(reading)
  // In a new stamp or item it is a range.
  if (CHANGING.has(command.name)) notRead(reading, { said, key, value }, endsHere(command, tokens, at + took))
  else {
    fault(reading, faults.twoNumbers(said, key))
    reading.refused.add(key)
  }
  return took
}

const CHANGING = new Set(['correct', 'update', 'promote'])

function notRead(
  reading: CommandDraft,
  { said, key, value }: Record<'said' | 'key' | 'value', string>,
  isClear: boolean,
) {
  fault(reading, faults.write(said, `${key}=${value}`), isClear ? { [key]: value } : undefined)
  if (!isClear) reading.refused.add(key)
}

function sourceOf(tokens: readonly Token[], at: number, took: number): string {
  return tokens
    .slice(at, at + took + 1)
    .map(({ source }) => source)
    .join(' ')
}

/** The value as the option takes it, or as it was surely meant. */
function valueOf(command: Command, key: string, word: string): string | undefined {
  const value = withoutEnd(word)
  return isTaken(command, key, value) ? plainValue(key, value) : meantFor(command, key, value)
}

function saysLittle(token: WordToken): boolean {
  return saysNothing(token.word) || isJoint(token.word) || isCourtesy(token)
}

/** Whether the token behind a value begins something else. */
function endsHere(command: Command, tokens: readonly Token[], last: number): boolean {
  const next = tokens[last + 1]
  if (next?.kind !== 'word' || /[,.;!]$/.test(tokens[last]!.source)) return true
  return saysLittle(next) || mayBeNumber(next.word) || keyOf(command, next.word) !== undefined
}

/**
 * Reads a word that may be a number, without a name. Returns the number of further tokens that it took; undefined where
 * no such number is at `at`.
 */
export function takeNumber(reading: CommandDraft, tokens: readonly Token[], at: number): number | undefined {
  const { command, given, isProse } = reading
  const token = tokens[at] as WordToken
  const key = command.number
  if (key === undefined || given.has(key)) return undefined
  const value = withoutEnd(token.word)
  const three = isScore(key) ? threeScores(tokens, at) : undefined
  if (three !== undefined && !given.has('reliability') && !given.has('creativity')) {
    betweenWords(reading)
    const [quality, reliability, creativity] = three.scores
    const line = `quality=${quality} reliability=${reliability} creativity=${creativity}`
    const source = tokens
      .slice(at, at + three.took + 1)
      .map((one) => one.source)
      .join(' ')
    fault(reading, faults.oneNumberWithoutName(source, line), {
      quality: quality!,
      reliability: reliability!,
      creativity: creativity!,
    })
    return three.took
  }
  const unit = unitAt(key, tokens, at + 1)
  const next = at + 1 + unit.took
  if (isTaken(command, key, value)) {
    betweenWords(reading)
    const last = tokens[next - 1]!
    if (unit.other !== undefined) {
      fault(reading, faults.otherScale(value, unit.other, key))
      reading.refused.add(key)
    } else if (maybeCount(command, last, tokens, next)) {
      const said = tokens
        .slice(at, next + 1)
        .map((one) => one.source)
        .join(' ')
      const line = `${key}=${plainValue(key, value)}`
      fault(reading, faults.openNumber(said, token.source, line), { [key]: value })
    } else give(reading, key, { value, source: token.source }, false)
    return unit.took
  }
  const meant = meantFor(command, key, value)
  const isMeant = meant !== undefined && !isProse && !maybeCount(command, token, tokens, next)
  const isOther = /^[+-]?\p{N}[\p{N}.,/%-]{0,12}$/u.test(value) && !isProse
  if (!isMeant && !isOther) return undefined
  betweenWords(reading)
  const message = command.options.shape[key]!.safeParse(value).error?.issues[0]?.message ?? ''
  if (meant === undefined) fault(reading, faults.notTaken(token.source, key, message))
  else fault(reading, faults.write(token.source, `${key}=${meant}`), { [key]: meant })
  reading.refused.add(key)
  return unit.took
}
