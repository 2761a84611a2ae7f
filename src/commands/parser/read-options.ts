import { LEFT_OUT } from '../../domain/markdown.ts'
import { SKILL } from '../../domain/stamp.ts'
import { faults } from '../../replies/faults.ts'
import type { Command } from '../command.ts'
import { unitAt } from './numbers.ts'
import { keyOf, meantKey } from './option-names.ts'
import { TEXTS } from './options.ts'
import { isCourtesy, isJoint } from './prose.ts'
import { betweenWords, fault, give, isTaken, type CommandDraft, withoutEnd } from './reading.ts'
import { isTarget } from './targets.ts'
import { saysNothing } from './tokens.ts'
import type { OptionToken, TextToken, Token, WordToken } from './token.ts'

// Options with a sign (`=` or `:`), and quoted texts.

export function takeStruck(reading: CommandDraft, { source }: Token): number {
  betweenWords(reading)
  fault(reading, faults.struck(source))
  return 0
}

export function takeOption(reading: CommandDraft, token: OptionToken, tokens: readonly Token[], at: number): number {
  const { command } = reading
  betweenWords(reading)
  const key = keyOf(command, token.key)
  if (key === undefined) return unknownOption(reading, token, tokens, at)
  if (token.value.includes(LEFT_OUT)) {
    fault(reading, faults.hidden)
    return 0
  }
  const isText = TEXTS.has(command.options.shape[key]!)
  let value = token.value
  // A value that the option takes as it is stays unchanged.
  if (!token.isQuoted && !isText && !isTaken(command, key, value)) value = withoutEnd(value)
  const isPlain = token.isPlain && key === token.key && value === token.value
  const listed = listAfter(reading, token, key, tokens, at)
  if (listed !== undefined) return listed
  if (!token.isQuoted && (isText || (LISTS.has(key) && value.endsWith(',')))) {
    const more = wordsAfter(tokens, at)
    if (tokens[at + 1]?.kind === 'word') reading.isPlain = false
    if (more.length > 0 && goesOn(value, more)) {
      const whole = [token.value, ...more.map(({ source }) => source)].join(' ')
      fault(reading, faults.goesOn(key), {
        [key]: isText ? whole : whole.replace(/,\s+/g, ','),
      })
      reading.given.set(key, { value: whole, source: whole })
      return more.length
    }
  }
  const isOpen = key === 'tag' || !isTaken(command, key, value)
  if (!token.isQuoted && !isText && isOpen && /[\p{L}\p{N}%+#_][,;]$/u.test(value)) value = value.slice(0, -1)
  const unit = token.isQuoted ? { took: 0 } : unitAt(key, tokens, at + 1)
  if (unit.other !== undefined) {
    fault(reading, faults.otherScale(value, unit.other, key))
    reading.refused.add(key)
    return unit.took
  }
  give(reading, key, { value, source: token.source }, isPlain && value === token.value && unit.took === 0)
  return unit.took
}

/**
 * Refuses a list with names behind its first, as in `skills=go and sql`, all together. Returns the number of further
 * tokens that it took; undefined where there are no such names.
 */
function listAfter(
  reading: CommandDraft,
  { isQuoted, value }: OptionToken,
  key: string,
  tokens: readonly Token[],
  at: number,
): number | undefined {
  if (!LISTS.has(key) && key !== 'tag') return undefined
  const words = wordsAfter(tokens, at).filter(({ word }) => word === '+' || word === '&' || !saysNothing(word))
  const names = words.filter(({ word }) => !isJoint(word) && word.toLowerCase() !== 'or')
  const isJoined = words.length > names.length || value.endsWith(',')
  if (names.length === 0 || (!isJoined && (isQuoted || words.every(isCourtesy)))) return undefined
  // Many words, or words that cannot be names, are a sentence and no list.
  const isList =
    names.length < 5 && names.every(({ word }) => SKILL.test(word.toLowerCase())) && (isJoined || names.length === 1)
  const whole = [value.replace(/,{1,9}$/, ''), ...names.map(({ word }) => word)]
  const said = [value, ...words.map(({ source }) => source)].join(' ')
  if (key === 'tag') fault(reading, faults.tagGoesOn(key, said))
  else fault(reading, faults.listGoesOn(key, said), isList ? { [key]: whole.join(',') } : undefined)
  if (!reading.given.has(key)) reading.given.set(key, { value: whole[0]!, source: said })
  return wordsAfter(tokens, at).length
}

const LISTS = new Set(['skills', 'tags'])

/** Whether a value goes on: a list after a comma, a sentence with the next word. */
function goesOn(value: string, [first]: readonly WordToken[]): boolean {
  return first !== undefined && (!value.endsWith(',') || /^[\p{L}\p{N}]/u.test(first.word))
}

/** The words up to the next token of another kind. */
function wordsAfter(tokens: readonly Token[], at: number): WordToken[] {
  const more: WordToken[] = []
  for (let next = at + 1; tokens[next]?.kind === 'word'; next++) more.push(tokens[next] as WordToken)
  return more.some(({ word }) => !saysNothing(word)) ? more : []
}

export function takeText(reading: CommandDraft, { value, source }: TextToken): number {
  const { command, given } = reading
  betweenWords(reading)
  const key = command.text
  const [, name = '', meant] = /^\s*([a-z][\w-]*)\s{0,9}[=:]\s{0,9}(\S*)\s*$/i.exec(value) ?? []
  const option = keyOf(command, name)
  if (value.includes(LEFT_OUT)) fault(reading, faults.hidden)
  else if (option !== undefined) {
    const isFree = meant !== '' && !given.has(option)
    fault(reading, faults.quotedOption(source), isFree ? { [option]: meant! } : undefined)
  } else if (optionAt(command, value)) fault(reading, faults.quotedOptions(source))
  else if (isTarget(value)) fault(reading, faults.quotedName(source))
  else if (key === undefined) fault(reading, faults.noText(source))
  else if (given.has(key)) fault(reading, faults.secondText(source, key))
  else give(reading, key, { value, source }, false)
  return 0
}

function optionAt(command: Command, text: string): boolean {
  const name = /^\s*([a-z]{1,20})\s{0,9}[=:]/i.exec(text)?.[1]
  return name !== undefined && keyOf(command, name) !== undefined
}

const SCORES = new Set(['quality', 'reliability', 'creativity', 'confidence', 'severity'])

/** Refuses an option that the command does not have. Returns the number of further tokens that belong to the option. */
function unknownOption(reading: CommandDraft, token: OptionToken, tokens: readonly Token[], at: number): number {
  const { command, given } = reading
  const { key, isQuoted, source } = token
  const meant = meantKey(command, key)
  if (SCORES.has(key) && command.name === 'update') {
    reading.isElsewhere = true
    fault(reading, faults.scoreOfItem(source, key))
    return 0
  }
  const isGiven =
    meant !== undefined &&
    (given.has(meant) || tokens.some((one) => one.kind === 'option' && keyOf(command, one.key) === meant))
  // `tags-=` would take tags away, which no option does.
  if (meant === undefined || isGiven || !/[a-z]$/i.test(key)) {
    fault(reading, faults.noOption(source, key, isGiven ? meant : undefined))
    return 0
  }
  const isText = TEXTS.has(command.options.shape[meant]!)
  const more = isText && !isQuoted ? wordsAfter(tokens, at) : []
  const value = [token.value, ...more.map((one) => one.source)].join(' ')
  fault(reading, faults.optionMeant(key, `${meant}=${isText ? '"…"' : value}`), { [meant]: value })
  return more.length
}
