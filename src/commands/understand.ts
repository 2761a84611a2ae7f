import leven from 'leven'
import type { z } from 'zod'
import { LEFT_OUT } from '../domain/markdown.ts'
import type { Command, Options } from './command.ts'
import { keyOf, optionNames } from './option-names.ts'
import { TEXTS } from './options.ts'
import { denies } from './denials.ts'
import { asksIn, doubtIn, leavesOpen } from './doubts.ts'
import { isLink, isScore, maybeCount, mayBeNumber, meantValue, threeScores, unitAt } from './numbers.ts'
import { isCourtesy, isJoint, isSmallTalk, mayBeLogin, mayBeName, namesOption, notProse, show } from './prose.ts'
import { isTarget } from './targets.ts'
import {
  hasInvisible,
  type OptionToken,
  saysNothing,
  type TextToken,
  type Token,
  tokenize,
  type WordToken,
} from './tokens.ts'
import { SKILL } from '../domain/stamp.ts'
import { plainValue } from './values.ts'

/** What a command's options and words come to. */
export type Understood =
  | {
      args: z.output<Options>
      isPlain: boolean
      prose: string[]
      /** Words that may have been meant for the command's text, which has none of them. */
      unkept: string | undefined
    }
  | {
      /** Sentences without their full stop. */
      faults: string[]
      /** The options as they were surely meant, in the order given; undefined where that cannot be told. */
      corrected: string | undefined
    }

/**
 * Reads what follows a command's name. Each piece of it is taken for an option, or is a fault, or is prose behind all
 * that was taken (`prose.ts`): nothing is dropped without a word. `name`: the command's, as it was written with what
 * stands behind it. `hidden`: what Markdown hides of the line.
 */
export function understand(
  command: Command,
  rest: string,
  { name = '', hidden = [] }: { name?: string; hidden?: readonly string[] } = {},
): Understood {
  const isKey = (name: string) => keyOf(command, name) !== undefined
  const { tokens, broken } = tokenize(rest, isKey)
  if (broken !== undefined) return { faults: [BROKEN], corrected: undefined }
  const reading: Reading = {
    command,
    given: new Map(),
    faults: [],
    pieces: [],
    pending: [],
    isProse: false,
    isPlain: !hasInvisible(rest),
    isCertain: true,
    first: tokens[0],
    refused: new Set(),
  }
  for (let at = 0; at < tokens.length; at++) {
    at += take(reading, tokens, at)
    if (reading.faults.length >= MOST_FAULTS) return { faults: [...new Set(reading.faults)], corrected: undefined }
  }
  endProse(reading, hidden)
  const asked = asksIn(command, name, tokens)
  if (asked !== undefined) fault(reading, asksText(command, asked, rest.trim() === ''), {})
  return conclude(reading)
}

/** Nobody reads on, and each costs time. */
const MOST_FAULTS = 10

function asksText({ name, text }: Command, asked: string, isBare: boolean): string {
  const remark = text === undefined ? '' : `; a remark stands in quotes, ${show(`${text}="…"`)}`
  return `${show(asked)} asks rather than says, so nothing was done: write ${show(`/wl ${name}${isBare ? '' : ' …'}`)} without the question mark, or ${show(`/wl help ${name}`)} to read about it${remark}`
}

const BROKEN = 'its quotes do not pair: put a text in `"…"`; `\\"` is a quote inside it'

interface Given {
  value: string
  /** As it was written. */
  source: string
}

interface Reading {
  command: Command
  given: Map<string, Given>
  faults: string[]
  /** The corrected line so far. */
  pieces: string[]
  /** Words that nothing has taken yet. */
  pending: WordToken[]
  /** Whether one of them says something: asked for every word, so it is not looked for among them. */
  isProse: boolean
  isPlain: boolean
  /** False once it cannot be told what was meant. */
  isCertain: boolean
  /** What stands right behind the command. */
  first: Token | undefined
  /** Options whose value was refused already, so that none is called missing. */
  refused: Set<string>
}

/** Reads one token; how many more it took. */
function take(reading: Reading, tokens: readonly Token[], at: number): number {
  const token = tokens[at]!
  if (token.isStruck) return takeStruck(reading, token)
  if (token.kind === 'option') return takeOption(reading, token, tokens, at)
  if (token.kind === 'text') return takeText(reading, token)
  return takeNamed(reading, tokens, at) ?? takeNumber(reading, tokens, at) ?? takeWord(reading, token)
}

function takeStruck(reading: Reading, { source }: Token): number {
  betweenWords(reading)
  fault(
    reading,
    `${show(source)} has \`~\`, which strikes text out, so it is not read: leave it out, or take the \`~\` off`,
  )
  return 0
}

function takeOption(reading: Reading, token: OptionToken, tokens: readonly Token[], at: number): number {
  const { command } = reading
  betweenWords(reading)
  const key = keyOf(command, token.key)
  if (key === undefined) {
    unknownOption(reading, token)
    return 0
  }
  if (token.value.includes(LEFT_OUT)) {
    fault(reading, HIDDEN)
    return 0
  }
  const isText = TEXTS.has(command.options.shape[key]!)
  let value = token.value
  // What the option takes as it stands is not changed.
  if (!token.isQuoted && !isText && !isTaken(command, key, value)) value = withoutEnd(value)
  const isPlain = token.isPlain && key === token.key && value === token.value
  const listed = listAfter(reading, token, key, tokens, at)
  if (listed !== undefined) return listed
  if (!token.isQuoted && (isText || (LISTS.has(key) && value.endsWith(',')))) {
    const more = wordsAfter(tokens, at)
    if (tokens[at + 1]?.kind === 'word') reading.isPlain = false
    if (more.length > 0 && goesOn(value, more)) {
      const whole = [token.value, ...more.map(({ source }) => source)].join(' ')
      fault(reading, `the value of ${show(key)} seems to go on after a blank: put it in quotes`, {
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
    fault(reading, otherScale(key, value, unit.other))
    reading.refused.add(key)
    return unit.took
  }
  give(reading, key, { value, source: token.source }, isPlain && value === token.value && unit.took === 0)
  return unit.took
}

function otherScale(key: string, value: string, scale: string): string {
  return `${show(`${value} of ${scale}`)} is on another scale: ${show(key)} is a whole number from 1 to 5`
}

/** The names behind the first of a list, `skills=go and sql`, which are refused together; undefined where there are none. */
function listAfter(
  reading: Reading,
  { isQuoted, value }: OptionToken,
  key: string,
  tokens: readonly Token[],
  at: number,
): number | undefined {
  if (!LISTS.has(key) && key !== 'tag') return undefined
  const words = wordsAfter(tokens, at).filter(({ word }) => word === '+' || word === '&' || !saysNothing(word))
  const names = words.filter(({ word }) => !JOINTS.has(word.toLowerCase()))
  const isJoined = words.length > names.length || value.endsWith(',')
  if (names.length === 0 || (!isJoined && (isQuoted || words.every(isCourtesy)))) return undefined
  // A sentence behind them is no list.
  const isList =
    names.length < 5 && names.every(({ word }) => SKILL.test(word.toLowerCase())) && (isJoined || names.length === 1)
  const whole = [value.replace(/,{1,9}$/, ''), ...names.map(({ word }) => word)]
  const said = [value, ...words.map(({ source }) => source)].join(' ')
  const what = `the value of ${show(key)} seems to go on after a blank: ${show(said)}`
  if (key === 'tag') fault(reading, `${what}. It takes one tag; one with blanks stands in quotes`)
  else
    fault(
      reading,
      `${what}. Names are separated by commas without blanks, or stand in quotes`,
      isList ? { [key]: whole.join(',') } : undefined,
    )
  if (!reading.given.has(key)) reading.given.set(key, { value: whole[0]!, source: said })
  return wordsAfter(tokens, at).length
}

const JOINTS = new Set(['and', 'und', 'et', 'y', 'or', '&', '+'])

const LISTS = new Set(['skills', 'tags'])

/** A list goes on after a comma, a sentence with the next word. */
function goesOn(value: string, [first]: readonly WordToken[]): boolean {
  return first !== undefined && (!value.endsWith(',') || /^[\p{L}\p{N}]/u.test(first.word))
}

/** The words up to the next token of another kind. */
function wordsAfter(tokens: readonly Token[], at: number): WordToken[] {
  const more: WordToken[] = []
  for (let next = at + 1; tokens[next]?.kind === 'word'; next++) more.push(tokens[next] as WordToken)
  return more.some(({ word }) => !saysNothing(word)) ? more : []
}

/** `4,`, `4.` and `4!` are 4; an address may end in any of them. */
function withoutEnd(value: string): string {
  return value.includes('://') ? value : value.replace(/(?<=[\p{L}\p{N}%+#])[.;!?？。、]{1,9}$/u, '')
}

function give(reading: Reading, key: string, { value, source }: Given, isPlain: boolean) {
  const { command, given } = reading
  if (given.has(key)) {
    fault(reading, `${show(key)} is given twice`)
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

/** As help writes it. */
function pieceOf(command: Command, key: string, value: string): string {
  if (command.words.includes(key) && /^@?[\w.[\]-]+$/.test(value)) return value
  const isBare = /^[\p{L}\p{N}_.,+#@/:-]+$/u.test(value) && !TEXTS.has(command.options.shape[key]!)
  return `${key}=${isBare ? value : `"${value.replace(/["\\]/g, String.raw`\$&`).replace(/\s+/g, ' ')}"`}`
}

function takeText(reading: Reading, { value, source }: TextToken): number {
  const { command, given } = reading
  betweenWords(reading)
  const key = command.text
  const [, name = '', meant] = /^\s*([a-z][\w-]*)\s{0,9}[=:]\s{0,9}(\S*)\s*$/i.exec(value) ?? []
  const option = keyOf(command, name)
  if (value.includes(LEFT_OUT)) fault(reading, HIDDEN)
  else if (option !== undefined) {
    const isFree = meant !== '' && !given.has(option)
    fault(reading, `${show(source)} is an option in quotes: take those off`, isFree ? { [option]: meant! } : undefined)
  } else if (optionAt(command, value)) fault(reading, `${show(source)} has options in quotes: take those off`)
  else if (isTarget(value))
    fault(reading, `${show(source)} is in quotes, so it is not read as what it names: take those off`)
  else if (key === undefined) fault(reading, `no option takes the text ${show(source)}`)
  else if (given.has(key)) fault(reading, `${show(source)} has no name, and ${show(key)} is given already`)
  else give(reading, key, { value, source }, false)
  return 0
}

function optionAt(command: Command, text: string): boolean {
  const name = /^\s*([a-z]{1,20})\s{0,9}[=:]/i.exec(text)?.[1]
  return name !== undefined && keyOf(command, name) !== undefined
}

/** `quality 4`: a blank in the place of the sign. Undefined where no name of an option begins at `at`. */
function takeNamed(reading: Reading, tokens: readonly Token[], at: number): number | undefined {
  const { command } = reading
  const { word } = tokens[at] as WordToken
  const key = keyOf(command, word.replace(/^-{1,3}/, ''))
  if (key === undefined) return undefined
  const link = tokens[at + 1]
  const isLinked = link?.kind === 'word' && !link.isStruck && isLink(command, key, link.word)
  const from = at + (isLinked ? 2 : 1)
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

function isTaken(command: Command, key: string, value: string): boolean {
  return command.options.shape[key]!.safeParse(plainValue(key, value)).success
}

/** What was surely meant by a value that its option does not take. */
function meantFor(command: Command, key: string, value: string): string | undefined {
  const meant = meantValue(key, value)
  return meant !== undefined && !isTaken(command, key, value) && isTaken(command, key, meant) ? meant : undefined
}

function notPossible(command: Command, key: string, value: string): string {
  const message = command.options.shape[key]!.safeParse(plainValue(key, value)).error?.issues[0]?.message ?? ''
  return `${show(`${key}=${value}`)} is not possible; ${message}`
}

/** A number without a name; undefined where none stands at `at`. */
function takeNumber(reading: Reading, tokens: readonly Token[], at: number): number | undefined {
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

function takeWord(reading: Reading, token: WordToken): number {
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

const PERSONS = new Set(['person', 'agent', 'by'])

const HIDDEN = 'code, links and HTML are not read in a command. Write it as plain text'

const ASKS = /[?？¿]/

/** Punctuation that takes nothing back: neither a question nor an emoji. */
function isMark({ source }: WordToken): boolean {
  return /^\p{P}*$/u.test(source) && !ASKS.test(source)
}

/** Behind the word that ends something for good, `or not?` and the like may take it back, so nothing is prose there. */
function isUnsure({ given, pending }: Reading): boolean {
  return given.has('confirm') && !pending.every(isMark)
}

const UNSURE = '`confirm` is taken only where no other words stand beside it; nothing was done'

/** Words that stand before something that was taken are no prose: they may be whom or what it is about. */
function betweenWords(reading: Reading): void {
  const { command, given, pending } = reading
  if (pending.length > 0) reading.isPlain = false
  if (isUnsure(reading)) return fault(reading, UNSURE)
  reading.isProse = false
  const all = pending.splice(0)
  const words = all.filter(({ word }) => !saysNothing(word) && !isJoint(word))
  // A sign such as ❌ says nothing else, and takes back.
  const doubt = doubtIn(command, all)
  if (words.length === 0) return doubt === undefined ? undefined : fault(reading, doubt)
  if (words.some(({ word }) => word.includes(LEFT_OUT))) {
    fault(reading, HIDDEN)
    return
  }
  const said = words.map(({ source }) => source).join(' ')
  const person = command.words.find((name) => PERSONS.has(name) && !given.has(name))
  const [only] = words
  // Elsewhere than right behind the command, a word is seldom a login.
  const isLogin = words.length === 1 && only === reading.first && mayBeLogin(only!)
  if (doubt !== undefined) fault(reading, doubt)
  else if (person !== undefined && isLogin)
    fault(reading, `${show(said)} is not read: did you mean ${show(`@${only!.word}`)}?`, { [person]: `@${only!.word}` })
  else
    fault(
      reading,
      notProse(command, words, []) ??
        `${show(said)} stands before an option or a name and is not read: say such words at the end`,
    )
}

function unknownOption(reading: Reading, { key, value, isQuoted, source }: OptionToken) {
  const { command, given } = reading
  const meant = meantKey(command, key)
  const guess = meant === undefined ? '' : `. Did you mean ${show(`${meant}=${isQuoted ? '"…"' : value}`)}?`
  const what = `there is no option ${show(key)}`
  if (meant === undefined || given.has(meant)) fault(reading, `${show(source)}: ${what}${guess}`)
  else fault(reading, `${what}${guess}`, { [meant]: value })
}

/** The option that is surely meant by a name that is none's. */
function meantKey(command: Command, key: string): string | undefined {
  const others = Object.hasOwn(MEANT, key) ? MEANT[key]! : []
  return others.find((one) => Object.hasOwn(command.options.shape, one)) ?? nearestKey(command, key)
}

/** Names that another command has for what is meant. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  // Of confidence it may be, too: so it is asked.
  c: ['creativity'],
  p: ['priority'],
  reason: ['message'],
  message: ['reason'],
  comment: ['reason'],
  text: ['message', 'reason', 'title', 'evidence'],
  score: ['quality'],
  rating: ['quality'],
  rate: ['quality'],
  stars: ['quality'],
  labels: ['tags'],
  label: ['tags', 'tag'],
  tag: ['tags'],
  tags: ['tag', 'skills'],
  skills: ['tags'],
  link: ['evidence'],
  url: ['evidence'],
  proof: ['evidence'],
  trust: ['level'],
  user: ['person', 'agent'],
  login: ['person', 'agent'],
  id: ['item', 'stamp'],
  wanted: ['item'],
  name: ['title'],
  kind: ['type'],
}

/** Nothing longer is near a name; comparing takes time by the length. */
const LONGEST_NAME = 40

function nearestKey(command: Command, key: string): string | undefined {
  if (key.length > LONGEST_NAME || key.length < 3) return undefined
  const keys = Object.keys(command.options.shape)
  const begun = keys.filter((one) => one.startsWith(key))
  if (begun.length === 1) return begun[0]
  const nearest = keys.toSorted((a, b) => leven(a, key) - leven(b, key))[0]
  return nearest !== undefined && leven(nearest, key) <= 2 && leven(nearest, key) < nearest.length / 2
    ? nearest
    : undefined
}

/** `fix`: what was surely meant instead; without it no corrected line can be made. */
type Fault = [text: string, fix?: Readonly<Record<string, string>> | undefined]

function fault(reading: Reading, ...[text, fix]: Fault) {
  reading.faults.push(text)
  if (fix === undefined) {
    reading.isCertain = false
    return
  }
  for (const [key, value] of Object.entries(fix)) {
    reading.pieces.push(pieceOf(reading.command, key, plainValue(key, value)))
    // So that what is corrected is not called missing beside.
    if (!reading.given.has(key)) reading.given.set(key, { value: plainValue(key, value), source: value })
  }
}

/** What is left at the end is prose, or a fault. */
function endProse(reading: Reading, hidden: readonly string[]) {
  const { command, given, pending } = reading
  const words = pending.filter(({ word }) => !saysNothing(word))
  const [first] = words
  if (isUnsure(reading) || (given.has('confirm') && hidden.length > 0)) return fault(reading, UNSURE)
  if (first === undefined && hidden.length === 0) {
    const sign = doubtIn(command, pending)
    return sign === undefined ? undefined : fault(reading, sign)
  }
  if (leavesOpen(command, words)) return fault(reading, doubtIn(command, words)!)
  const loose = command.loose
  const isHidden = first?.word.includes(LEFT_OUT) === true
  if (
    loose !== undefined &&
    words.length === 1 &&
    !isHidden &&
    !given.has(loose) &&
    isTaken(command, loose, first!.word)
  ) {
    pending.length = 0
    give(reading, loose, { value: first!.word, source: first!.source }, false)
    return
  }
  if (words.slice(0, command.words.length).some(({ word }) => word.includes(LEFT_OUT))) return fault(reading, HIDDEN)
  const meant = confirmMeant(reading, words, hidden)
  if (meant !== undefined) return fault(reading, ...meant)
  const needed = command.text
  const texts = words.map(({ source }) => source).join(' ')
  const values = valuesMeant(reading, words)
  if (values !== undefined) return fault(reading, ...values)
  const isMeant =
    needed !== undefined &&
    !given.has(needed) &&
    (isNeeded(command, needed) || (command.isTextMeant === true && !words.every(isCourtesy)))
  if (isMeant && words.length > 0 && !texts.includes(LEFT_OUT))
    return fault(reading, ...unquotedText(reading, words, { key: needed, texts }))
  const doubt = doubtIn(command, pending)
  if (doubt !== undefined) return fault(reading, doubt)
  const named = namesOption(command, words, (key) => given.has(key))
  if (named !== undefined) return fault(reading, notWritten(named))
  const why = notProse(command, words, hidden)
  if (why !== undefined) return fault(reading, why)
  if (loose !== undefined && !given.has(loose) && !words.every(isCourtesy))
    return fault(reading, `${show(texts)} is not read: write ${show(`${loose}=…`)} with one word`)
  const name = given.size === 0 ? mayBeName(words) : undefined
  if (name === undefined) return
  const person = command.words.find((one) => PERSONS.has(one))
  if (person === undefined) fault(reading, `${show(name)} is not read: this command takes no such word`)
  else fault(reading, `${show(name)} is not read: did you mean ${show(`@${name}`)}?`, { [person]: `@${name}` })
}

/** Words in the place of a text: it is put in quotes, unless an option is among them. */
function unquotedText(
  { command, given }: Reading,
  words: readonly WordToken[],
  { key, texts }: { key: string; texts: string },
): Fault {
  const named = namesOption(command, words, (one) => given.has(one))
  // What is said of how much it matters is no title.
  const isTitle = key !== 'title' || words.length > 5 || !words.some(({ word }) => WEIGHTS.has(word.toLowerCase()))
  if (named === undefined && isTitle) return [`${show(texts)} is not read: a text stands in quotes`, { [key]: texts }]
  const what =
    named === undefined
      ? `${show(texts)} is not read: an option is written as ${show('priority=1')}`
      : notWritten(named)
  return [`${what}, and ${key === 'title' ? 'a title' : 'a text'} in quotes, ${show(`${key}="…"`)}`]
}

const WEIGHTS = new Set(['high', 'low', 'urgent', 'critical', 'important', 'highest', 'lowest', 'asap'])

function notWritten({ source, key }: { source: string; key: string }): string {
  return `${show(source)} is the name of an option, and is not read so: write ${show(`${key}=…`)}`
}

/** `quality=4 leaf`, `bug, small`: nothing but words that options take, right behind the others. */
function valuesMeant({ command, given, pending }: Reading, words: readonly WordToken[]): Fault | undefined {
  const [first] = words
  if (first === undefined || pending[0] !== first || first.word.length > LONGEST_NAME) return undefined
  const chosen = optionNames(command).chosen
  const keyFor = ({ word }: WordToken) =>
    chosen.find((one) => word.length <= LONGEST_NAME && isTaken(command, one, word))
  if (keyFor(first) === undefined) return undefined
  const said = words.filter(({ word }) => !isJoint(word))
  const fix = new Map(said.flatMap((token) => (keyFor(token) === undefined ? [] : [[keyFor(token)!, token.word]])))
  const isAll = fix.size === said.length && [...fix.keys()].every((key) => !given.has(key))
  if (!isAll && command.isTextMeant === true) return undefined
  const written = [...fix].map(([key, value]) => show(`${key}=${value.toLowerCase()}`)).join(' ')
  const what = isAll ? words.map(({ source }) => source).join(' ') : first.source
  return [`${show(what)} is not read: write ${written}`, isAll ? Object.fromEntries(fix) : undefined]
}

/** In a sentence they mean something else. */
const MOST_YES = 3
/** Words with which people go on. None but `confirm` is taken for it. */
const YES = new Set(
  'yes y yep yeah sure really definitely ok okay force confirmed agree agreed proceed go do'.split(' '),
)

/** What is wrong with a word that stands where `confirm` would: its spelling alone, with no other words, gives a line to copy. */
function confirmMeant(
  { command, given, pending }: Reading,
  words: readonly WordToken[],
  hidden: readonly string[],
): Fault | undefined {
  if (!Object.hasOwn(command.options.shape, 'confirm') || given.has('confirm')) return undefined
  const said = words.map((token) => ({ ...token, bare: token.word.replace(/^-{1,3}/, '').toLowerCase() }))
  const near = said.find(({ bare }) => bare.length < LONGEST_NAME && leven(bare, 'confirm') <= 2)
  if (near !== undefined) {
    const isAlone = hidden.length === 0 && pending.every((one) => one.from === near.from || isMark(one))
    const what = `${show(near.source)} is not read: the word is ${show('confirm')}`
    return isAlone ? [what, { confirm: 'confirm' }] : [`${what}, and no other words stand beside it`]
  }
  const yes = said.length > MOST_YES ? undefined : said.find(({ bare }) => YES.has(bare) || bare.startsWith('confirm'))
  return yes && [`${show(yes.source)} is not read: to go on, the word is ${show('confirm')}`]
}

function isNeeded(command: Command, key: string): boolean {
  return !command.options.shape[key]!.safeParse(undefined).success
}

function conclude(reading: Reading): Understood {
  const { command, given, faults, pieces, pending, isPlain } = reading
  const shape = command.options.shape
  let { isCertain } = reading
  const wrong = new Set<string>()
  for (const [key, { value, source }] of given) {
    const parsed = shape[key]!.safeParse(value)
    if (parsed.success) continue
    wrong.add(key)
    isCertain = false
    const shown = /^[@\w]/.test(source) && !/[=:]/.test(source) ? source : `${key}=${value}`
    faults.push(`${show(shown)} is not possible; ${parsed.error.issues[0]!.message}`)
  }
  const values = Object.fromEntries(
    [...given].filter(([key]) => !wrong.has(key)).map(([key, { value }]) => [key, value]),
  )
  const parsed = command.options.safeParse(values)
  if (!parsed.success) {
    const missing = parsed.error.issues.filter(
      ({ path }) => !wrong.has(String(path[0] ?? '')) && !reading.refused.has(String(path[0] ?? '')),
    )
    for (const { path, message } of missing) {
      const key = String(path[0] ?? '')
      isCertain = false
      faults.push(key === '' ? message : `${show(key)} is missing; ${message}${exampleOf(command, key)}`)
    }
  }
  if (faults.length === 0 && parsed.success) {
    const words = pending.filter(({ word }) => !saysNothing(word))
    return { args: parsed.data, isPlain, prose: words.map(({ word }) => word), unkept: unkeptIn(command, words) }
  }
  return { faults: [...new Set(faults)], corrected: isCertain ? pieces.join(' ') : undefined }
}

function unkeptIn({ text }: Command, words: readonly WordToken[]): string | undefined {
  if (text === undefined || isSmallTalk(words)) return undefined
  return words
    .map(({ source }) => source)
    .join(' ')
    .replaceAll(LEFT_OUT, '…')
}

function exampleOf({ words, options }: Command, key: string): string {
  if (words.includes(key)) return ''
  return `: ${show(`${key}=${TEXTS.has(options.shape[key]!) ? '"…"' : '…'}`)}`
}
