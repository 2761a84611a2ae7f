import { LEFT_OUT } from '../domain/markdown.ts'
import { denies } from './denials.ts'
import { isScore, linksAt, maybeCount, mayBeNumber, optionBehind, threeScores, unitAt } from './numbers.ts'
import { ASKS } from './doubts.ts'
import { keyOf, optionNames } from './option-names.ts'
import { isJoint, show } from './prose.ts'
import { meantKey, otherScale } from './read-options.ts'
import {
  betweenWords,
  fault,
  give,
  isMark,
  isTaken,
  meantFor,
  notPossible,
  PERSONS,
  type Reading,
  withoutEnd,
} from './reading.ts'
import { isTarget } from './targets.ts'
import { saysNothing, type Token, type WordToken } from './tokens.ts'
import { plainValue } from './values.ts'

// Bare words: a named value without a sign, a number, a person, an id.

/** `quality 4`: a blank in the place of the sign. Undefined where no name of an option begins at `at`. */
export function takeNamed(reading: Reading, tokens: readonly Token[], at: number): number | undefined {
  const { command } = reading
  const { word } = tokens[at] as WordToken
  const key = keyOf(command, word.replace(/^-{1,3}/, ''))
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
    // Behind other words, the name of an option may be one of them.
    if (reading.isProse || reading.given.has(key) || saysNothing(word) || isTarget(value)) return undefined
    betweenWords(reading)
    const meant = meantFor(command, key, value)
    fault(reading, notPossible(command, key, value), meant === undefined ? undefined : { [key]: meant })
    reading.refused.add(key)
    return took
  }
  betweenWords(reading)
  if (unit.other !== undefined) {
    fault(reading, otherScale(key, value, unit.other))
    reading.refused.add(key)
  } else if (isLinked || maybeCount(command, next, tokens, at + took + 1))
    fault(reading, `${show(source)} is not read here: write ${show(`${key}=${plainValue(key, value)}`)}`, {
      [key]: value,
    })
  else give(reading, key, { value, source }, false)
  return took
}

/** `5 for quality`; undefined where no number with the name of an option behind it stands at `at`. */
export function takeNumberFor(reading: Reading, tokens: readonly Token[], at: number): number | undefined {
  const { command, given } = reading
  const { word } = tokens[at] as WordToken
  const behind = mayBeNumber(word) ? optionBehind(command, tokens, at) : undefined
  if (behind === undefined || given.has(behind.key)) return undefined
  const value = withoutEnd(word)
  const meant = isTaken(command, behind.key, value)
    ? plainValue(behind.key, value)
    : meantFor(command, behind.key, value)
  if (meant === undefined) return undefined
  betweenWords(reading)
  const said = tokens
    .slice(at, at + behind.took + 1)
    .map(({ source }) => source)
    .join(' ')
  fault(reading, `${show(said)} is not read: write ${show(`${behind.key}=${meant}`)}`, { [behind.key]: meant })
  return behind.took
}

/** A number without a name; undefined where none stands at `at`. */
export function takeNumber(reading: Reading, tokens: readonly Token[], at: number): number | undefined {
  const { command, given, isProse } = reading
  const token = tokens[at] as WordToken
  const key = command.number
  if (key === undefined || given.has(key) || !mayBeNumber(token.word)) return undefined
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
    fault(reading, `${show(source)} is not read, for only one number may stand without a name: write ${show(line)}`, {
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
      fault(reading, otherScale(key, value, unit.other))
      reading.refused.add(key)
    } else if (maybeCount(command, last, tokens, next)) {
      const said = tokens
        .slice(at, next + 1)
        .map((one) => one.source)
        .join(' ')
      const line = show(`${key}=${plainValue(key, value)}`)
      fault(
        reading,
        `${show(said)} leaves open what the number is for, so ${show(token.source)} is not read: write ${line}`,
        { [key]: value },
      )
    } else give(reading, key, { value, source: token.source }, false)
    return unit.took
  }
  const meant = meantFor(command, key, value)
  const isMeant = meant !== undefined && !isProse && !maybeCount(command, token, tokens, next)
  const isOther = /^[+-]?\p{N}[\p{N}.,/%-]{0,12}$/u.test(value) && !isProse
  if (!isMeant && !isOther) return undefined
  betweenWords(reading)
  const message = command.options.shape[key]!.safeParse(value).error?.issues[0]?.message ?? ''
  if (meant === undefined)
    fault(reading, `${show(token.source)} is a number that ${show(key)} does not take; ${message}`)
  else fault(reading, `${show(token.source)} is not read: write ${show(`${key}=${meant}`)}`, { [key]: meant })
  reading.refused.add(key)
  return unit.took
}

export function takeWord(reading: Reading, token: WordToken): number {
  const { command, given, pending } = reading
  const { word, source } = token
  // No option takes it, and asking each costs time.
  if (saysNothing(word)) {
    pending.push(token)
    return 0
  }
  // Named twice the same.
  const isName = isTarget(word)
  if (isName && [...given.values()].some(({ value }) => value.toLowerCase() === word.toLowerCase())) return 0
  const key = wordFor(reading, token)
  const value = /^wl:/i.test(word) ? word.slice(3) : word
  if (key !== undefined && !word.includes(LEFT_OUT)) {
    betweenWords(reading)
    give(reading, key, { value, source }, token.isPlain && value === word)
    return 0
  }
  if (word.startsWith('@') && command.words.includes('handle')) {
    const handle = word.slice(1)
    const fix = !given.has('handle') && isTaken(command, 'handle', handle) ? { handle } : undefined
    fault(reading, `${show(source)} is not possible; expected the handle of a rig without ${show('@')}`, fix)
    return 0
  }
  if (isName) {
    betweenWords(reading)
    fault(reading, `${show(source)} is not something this command can act on${already(reading, word)}`)
    return 0
  }
  const login = /^https?:\/\/github\.com\/([a-z0-9-]{1,39})\/?$/i.exec(word)?.[1]
  if (login !== undefined && command.words.includes('person') && !given.has('person')) {
    fault(reading, `a person is written ${show(`@${login}`)}`, { person: `@${login}` })
    return 0
  }
  const [, name = '', joined = ''] = /^-{0,3}([a-z]{1,20})([0-9].*)$/is.exec(word) ?? []
  const counted = joined === '' ? undefined : (keyOf(command, name) ?? meantKey(command, name.toLowerCase()))
  if (counted !== undefined && !given.has(counted) && isTaken(command, counted, withoutEnd(joined))) {
    betweenWords(reading)
    fault(reading, `${show(source)} is not read: write ${show(`${counted}=${joined}`)}`, {
      [counted]: withoutEnd(joined),
    })
    return 0
  }
  pending.push(token)
  if (!isJoint(word)) reading.isProse = true
  return 0
}

/**
 * The option that a bare word is for: the first that takes it and was not given. Of what no option takes but was surely
 * meant, the first that could be, whose refusal says what is wrong with it.
 */
function wordFor({ command, given, pending, isProse }: Reading, { word, source }: WordToken): string | undefined {
  // Behind a word that nothing took, one that no mark tells from prose is prose too.
  if (isProse && !isTarget(word)) return undefined
  const left = command.words.filter((name) => !given.has(name))
  const bare = word.replace(/^wl:/i, '')
  const takes = left.find((name) => command.options.shape[name]!.safeParse(bare).success)
  // A rig of such a name is given by `handle=`.
  if (takes === 'handle' && denies(word)) return undefined
  // A question confirms nothing, and neither does what stands behind a sign that may deny it.
  if (takes === 'confirm' && (ASKS.test(source) || !pending.every(isMark))) return undefined
  if (takes !== undefined || !isTarget(word)) return takes
  return left.find((name) => PERSONS.has(name) === word.includes('@'))
}

/** Why not, where it names a second of what is named already. */
function already({ command, given }: Reading, word: string): string {
  const key = command.words.find((name) => given.has(name) && PERSONS.has(name) === word.includes('@'))
  return key === undefined ? '' : `: it has ${show(given.get(key)!.source)} already, and one command is about one`
}
