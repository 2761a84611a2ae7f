import { LEFT_OUT } from '../../domain/markdown.ts'
import { faults } from '../../replies/faults.ts'
import { denies } from './denials.ts'
import { linksAt, maybeCount, unitAt } from './numbers.ts'
import { ASKS } from './doubts.ts'
import { keyOf, meantKey, optionNames } from './option-names.ts'
import { isJoint } from './prose.ts'
import {
  betweenWords,
  fault,
  give,
  isMark,
  isTaken,
  meantFor,
  notPossible,
  PERSONS,
  type CommandDraft,
  withoutEnd,
} from './reading.ts'
import { isTarget } from './targets.ts'
import { saysNothing } from './tokens.ts'
import { plainValue } from './values.ts'
import type { Token, WordToken } from './token.ts'

// Bare words: a named value without a sign, a person, an id.

/**
 * Reads an option with a blank in the place of its sign, as in `quality 4`. Returns the number of further tokens that
 * it took; undefined where no name of an option begins at `at`.
 */
export function takeNamed(reading: CommandDraft, tokens: readonly Token[], at: number): number | undefined {
  const { command } = reading
  const { word } = tokens[at] as WordToken
  // As with git, `-m` is the text.
  const key = word.toLowerCase() === '-m' ? command.text : keyOf(command, word.replace(/^-{1,3}/, ''))
  if (key === undefined) return undefined
  const links = linksAt(command, key, tokens, at + 1)
  const isLinked = links > 0
  const from = at + 1 + links
  const next = tokens[from]
  if (next === undefined || next.kind === 'option' || next.isStruck) return undefined
  const { counted, chosen, texts } = optionNames(command)
  const source = tokens
    .slice(at, from + 1)
    .map((token) => token.source)
    .join(' ')
  if (next.kind === 'text') {
    if (isLinked || !texts.includes(key) || next.value.includes(LEFT_OUT)) return undefined
    betweenWords(reading)
    give(reading, key, { value: next.value, source }, false)
    return 1
  }
  const value = withoutEnd(next.word)
  if (![...counted, ...chosen].includes(key) || value.includes(LEFT_OUT)) return undefined
  const unit = unitAt(key, tokens, from + 1)
  const took = from - at + unit.took
  if (!isTaken(command, key, value)) {
    // Behind other words, the name of an option may be part of their sentence.
    if (reading.isProse || reading.given.has(key) || saysNothing(word) || isTarget(value)) return undefined
    betweenWords(reading)
    const meant = meantFor(command, key, value)
    fault(reading, notPossible(command, key, value), meant === undefined ? undefined : { [key]: meant })
    reading.refused.add(key)
    return took
  }
  betweenWords(reading)
  if (unit.other !== undefined) {
    fault(reading, faults.otherScale(value, unit.other, key))
    reading.refused.add(key)
  } else if (isLinked || maybeCount(command, next, tokens, at + took + 1))
    fault(reading, faults.writeHere(source, `${key}=${plainValue(key, value)}`), { [key]: value })
  else give(reading, key, { value, source }, false)
  return took
}

export function takeWord(reading: CommandDraft, token: WordToken): number {
  const { command, given, pending } = reading
  const { word, source } = token
  // No option takes it, and trying each costs time.
  if (saysNothing(word)) {
    pending.push(token)
    return 0
  }
  // The same name a second time.
  const isName = isTarget(word)
  if (isName && [...given.values()].some(({ value }) => value.toLowerCase() === word.toLowerCase())) return 0
  const key = wordFor(reading, token)
  const value = /^wl:/i.test(word) ? word.slice(3) : word
  if (key !== undefined && !word.includes(LEFT_OUT)) {
    betweenWords(reading, isName ? 'name' : 'option')
    give(reading, key, { value, source }, token.isPlain && value === word)
    return 0
  }
  if (word.startsWith('@') && command.words.includes('handle')) {
    const handle = word.slice(1)
    const fix = !given.has('handle') && isTaken(command, 'handle', handle) ? { handle } : undefined
    fault(reading, faults.handle(source), fix)
    return 0
  }
  if (isName) {
    betweenWords(reading, 'name')
    fault(reading, notNamed(reading, token))
    return 0
  }
  const login = /^https?:\/\/github\.com\/([a-z0-9-]{1,39})\/?$/i.exec(word)?.[1]
  if (login !== undefined && command.words.includes('person') && !given.has('person')) {
    fault(reading, faults.person(login), { person: `@${login}` })
    return 0
  }
  const foreign = foreignOption(reading, word)
  if (foreign !== undefined) {
    betweenWords(reading)
    fault(reading, faults.meant(source, Object.entries(foreign)[0]!.join('=')), foreign)
    return 0
  }
  const [, name = '', joined = ''] = /^-{0,3}([a-z]{1,20})([0-9].*)$/is.exec(word) ?? []
  const counted = joined === '' ? undefined : (keyOf(command, name) ?? meantKey(command, name.toLowerCase()))
  if (counted !== undefined && !given.has(counted) && isTaken(command, counted, withoutEnd(joined))) {
    betweenWords(reading)
    fault(reading, faults.write(source, `${counted}=${joined}`), { [counted]: withoutEnd(joined) })
    return 0
  }
  pending.push(token)
  if (!isJoint(word)) reading.isProse = true
  return 0
}

/** The option that a name with other letters than ASCII means, as in `qualité=4`, which `tokens.ts` reads as a word. */
function foreignOption({ command, given }: CommandDraft, word: string): Record<string, string> | undefined {
  const [, name = '', value = ''] = /^([\p{L}]{3,20})[=:]([^=:]{1,40})$/u.exec(word) ?? []
  const key = name === '' ? undefined : meantKey(command, name)
  return key === undefined || given.has(key) || !isTaken(command, key, withoutEnd(value))
    ? undefined
    : { [key]: withoutEnd(value) }
}

/**
 * The option that a bare word is for: the first that takes it and was not given. For an id or a person that no option
 * takes, it is the first option that could be meant, whose refusal names the fault.
 */
function wordFor({ command, given, pending, isProse }: CommandDraft, { word, source }: WordToken): string | undefined {
  // Behind a word that nothing took, a word without the form of an id or a person is prose too.
  if (isProse && !isTarget(word)) return undefined
  const left = command.words.filter((name) => !given.has(name))
  const bare = word.replace(/^wl:/i, '')
  const takes = left.find((name) => command.options.shape[name]!.safeParse(bare).success)
  // A rig with such a handle is named with `handle=`.
  if (takes === 'handle' && denies(word)) return undefined
  // A question confirms nothing, and neither does a word behind a sign that may deny it.
  if (takes === 'confirm' && (ASKS.test(source) || !pending.every(isMark))) return undefined
  if (takes !== undefined || !isTarget(word)) return takes
  return left.find((name) => PERSONS.has(name) === word.includes('@'))
}

function notNamed(reading: CommandDraft, { word, source }: WordToken): string {
  const { command } = reading
  if (!word.startsWith('@') || command.words.some((name) => PERSONS.has(name)))
    return faults.notActedOn(source, firstNamed(reading, word))
  return command.isForOneself === true
    ? faults.forOneself(source, command.name, word)
    : faults.noPerson(source, command.name)
}

/** The person or the id that is named already, whichever the word is. */
function firstNamed({ command, given }: CommandDraft, word: string): string | undefined {
  const key = command.words.find((name) => given.has(name) && PERSONS.has(name) === word.includes('@'))
  return key === undefined ? undefined : given.get(key)!.source
}
