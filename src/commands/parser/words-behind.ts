import leven from 'leven'
import { LEFT_OUT } from '../../domain/markdown.ts'
import { faults } from '../../replies/faults.ts'
import type { Command } from '../command.ts'
import { denies, hasSign } from './denials.ts'
import { doubtIn, isCondition, leavesOpen } from './doubts.ts'
import { keyOf, LONGEST_NAME, optionNames } from './option-names.ts'
import { spokenOptions } from './spoken-options.ts'
import {
  isCourtesy,
  isFiller,
  isJoint,
  isPraise,
  isSmallTalk,
  mayBeName,
  namesOption,
  notProse,
  mayBeLogin,
} from './prose.ts'
import {
  type OptionError,
  fault,
  give,
  isMark,
  isTaken,
  isUnsure,
  PERSONS,
  pieceOf,
  type CommandDraft,
} from './reading.ts'
import { endsSomething } from './synonyms.ts'
import { saysNothing } from './tokens.ts'
import type { WordToken } from './token.ts'

// The words at the end that nothing took: prose, or a fault.

/** Ends a command: the words that are left are prose, or a fault. */
export function endProse(reading: CommandDraft, hidden: readonly string[]) {
  const { pending } = reading
  const before = reading.faults.length
  endWords(reading, hidden)
  const isFaulty = reading.faults.length > before
  if (reading.between.length > 0) endBetween(reading, isFaulty)
  // A fault that was reported has these words in its own line.
  if (isFaulty) pending.length = 0
}

/**
 * Refuses words before an option or a name: they may change how it is meant. A corrected line is offered only where
 * they surely do not.
 */
function endBetween(reading: CommandDraft, isFaulty: boolean) {
  const { command, given, pending, between } = reading
  const [run, ...others] = between as [CommandDraft['between'][number], ...CommandDraft['between']]
  const said = run.words.map(({ source }) => source).join(' ')
  const key = command.text
  const isFillers = between.every(({ words, before }) => words.every((one) => isFiller(one, before)))
  const isRemark = (words: readonly WordToken[]) =>
    words.every((one) => isPraise(one) || isJoint(one.word) || saysNothing(one.word))
  if (isFillers) fault(reading, faults.wordsAheadLeftOut(said), endsSomething(command.name) ? undefined : {})
  else if (
    key !== 'message' ||
    given.has(key) ||
    isFaulty ||
    others.length > 0 ||
    run.before === 'name' ||
    !isRemark(run.words)
  )
    fault(reading, faults.wordsAhead(said))
  else {
    const all = [...run.words, ...pending.splice(0)].map(({ source }) => source).join(' ')
    fault(reading, faults.quoteRemark(said, key), { [key]: all })
  }
}

/** Keeps all words in the corrected line: those at the end become the message, or no line is offered. */
export function keepWords(reading: CommandDraft) {
  const { command, given, pending, pieces } = reading
  const words = pending.filter(({ word }) => !saysNothing(word))
  if (reading.faults.length === 0 || isSmallTalk(words)) return
  const key = command.text
  if (key !== 'message' || given.has(key)) reading.isCertain = false
  else pieces.push(pieceOf(command, key, words.map(({ source }) => source).join(' ')))
}

function endWords(reading: CommandDraft, hidden: readonly string[]) {
  const { command, given, pending } = reading
  const words = pending.filter(({ word }) => !saysNothing(word))
  const [first] = words
  if (isUnsure(reading) || (given.has('confirm') && hidden.length > 0)) return fault(reading, faults.notConfirmed)
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
  if (words.slice(0, command.words.length).some(({ word }) => word.includes(LEFT_OUT)))
    return fault(reading, faults.hidden)
  const meant = confirmMeant(reading, words, hidden)
  if (meant !== undefined) return fault(reading, ...meant)
  const second = command.group === 'look' && given.has('person') ? words.find(mayBeLogin) : undefined
  if (second !== undefined) return fault(reading, faults.second(second.source, given.get('person')!.source))
  const isNeededText = command.text !== undefined && isNeeded(command, command.text)
  const other = command.isForOneself === true && !isNeededText ? forAnother(words) : undefined
  if (other !== undefined) return fault(reading, faults.forOneself(other, command.name, undefined))
  const doubt = doubtIn(command, pending)
  if (doubt !== undefined && isTakenBack(command, words, pending)) return fault(reading, doubt)
  const needed = command.text
  const texts = words.map(({ source }) => source).join(' ')
  const values = valuesMeant(reading, words)
  if (values !== undefined) return fault(reading, ...values)
  const isMeant =
    !(needed === 'title' && words.every(isOfThis)) &&
    needed !== undefined &&
    !given.has(needed) &&
    (isNeeded(command, needed) || (command.isTextMeant === true && !words.every(isCourtesy)))
  if (isMeant && words.length > 0 && !texts.includes(LEFT_OUT))
    return fault(reading, ...unquotedText(reading, words, { key: needed, texts }))
  if (doubt !== undefined) return fault(reading, doubt)
  const named = namesOption(command, words, (key) => given.has(key))
  if (named !== undefined) return fault(reading, faults.optionNameSoWritten(named.source, named.key))
  const why = notProse(command, words, hidden)
  if (why !== undefined) return fault(reading, why)
  if (loose !== undefined && !given.has(loose) && !words.every(isCourtesy))
    return fault(reading, faults.oneWord(texts, loose))
  const name = given.size === 0 ? mayBeName(words) : undefined
  if (name === undefined) return
  const person = command.words.find((one) => PERSONS.has(one))
  if (person === undefined) fault(reading, faults.noSuchWord(name))
  else fault(reading, faults.meant(name, `@${name}`), { [person]: `@${name}` })
}

/**
 * Whether words that would be the reason may take the command back: a sign such as ❌ always, a denial or a condition
 * where the command ends something or changes trust.
 */
function isTakenBack(command: Command, words: readonly WordToken[], pending: readonly WordToken[]): boolean {
  if (pending.some(({ source }) => hasSign(source))) return true
  const [first] = words
  const isHeavy = command.group === 'trust' || endsSomething(command.name)
  return isHeavy && first !== undefined && (isCondition(first.word) || (denies(first.word) && words.length <= 2))
}

/** The words with which somebody gives a command for another person, as in `for my colleague`. */
function forAnother(words: readonly WordToken[]): string | undefined {
  const from = words.findIndex((one) => !isOfThis(one))
  const [first, ...others] = words.slice(Math.max(from, 0))
  const word = first?.word.toLowerCase()
  const begin =
    word === 'for' || word === 'für' || word === 'as'
      ? 0
      : word === 'on' && /^behalf$/i.test(others[0]?.word ?? '')
        ? 2
        : -1
  const [who, what] = others.slice(begin)
  if (begin === -1 || who === undefined || OF_ONESELF.has(who.word.toLowerCase())) return undefined
  if (word === 'as' && !who.word.startsWith('@')) return undefined
  const isTime =
    /^(?:an?|the|this|next|two|three|some|\p{N}+)$/u.test(who.word.toLowerCase()) && TIMES.test(what?.word ?? '')
  return isTime ? undefined : [first!, ...others].map(({ source }) => source).join(' ')
}

const OF_ONESELF = new Set('me myself us now today tomorrow tonight it sure real free fun good ever'.split(' '))
const TIMES =
  /^(?:while|bit|moment|hours?|days?|weeks?|weekends?|months?|sprint|release|hackathon|hacktoberfest|time|few|couple)$/i

/** Whether a word only points to this issue, as in `this issue please`, and is no title. */
function isOfThis(token: WordToken): boolean {
  return isCourtesy(token) || /^(?:please|pls|this|the|my|issue|item|one|here|as|it)$/i.test(token.word)
}

/** The fault of words in the place of a text. The corrected line has them in quotes, unless an option is among them. */
function unquotedText(
  reading: CommandDraft,
  words: readonly WordToken[],
  { key, texts }: { key: string; texts: string },
): OptionError {
  const { command, given } = reading
  const sign = words.find(({ word }) => /^-{0,3}[a-z]{2,20}\W{0,2}[=＝]/i.test(word))
  if (sign !== undefined) return [faults.noSuchOption(sign.source, keyOf(command, /[a-z]+/i.exec(sign.word)![0]))]
  if (key === 'title' && words.length === 1 && /[$€£¥\p{N}]/u.test(texts) && !/\p{L}{2}/u.test(texts))
    return [faults.noMoney(texts), /[$€£¥]/.test(texts) ? {} : undefined]
  const named = namesOption(command, words, (one) => given.has(one))
  const spoken = key === 'title' ? spokenOptions(reading, words) : undefined
  if (spoken !== undefined) return spoken
  const isName = keyOf(command, words[0]!.word) === key && words.length > 1
  // Words about how urgent it is are no title.
  const isTitle = key !== 'title' || words.length > 5 || !words.some(({ word }) => WEIGHTS.has(word.toLowerCase()))
  const text = isName ? texts.slice(words[0]!.source.length).trim() : texts
  if (named === undefined && isTitle) return [faults.quoteText(texts), { [key]: text }]
  const what =
    named === undefined ? faults.optionAs(texts, 'priority=1') : faults.optionNameSoWritten(named.source, named.key)
  return [faults.andText(what, key)]
}

const WEIGHTS = new Set(['high', 'low', 'urgent', 'critical', 'important', 'highest', 'lowest', 'asap'])

/** The fault of bare values right behind the options, as in `quality=4 leaf` or `bug, small`. */
function valuesMeant({ command, given, pending }: CommandDraft, words: readonly WordToken[]): OptionError | undefined {
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
  const written = [...fix].map(([key, value]) => `${key}=${value.toLowerCase()}`)
  const what = isAll ? words.map(({ source }) => source).join(' ') : first.source
  return [faults.write(what, ...written), isAll ? Object.fromEntries(fix) : undefined]
}

/** The most words among which a yes counts: in a longer sentence it means something else. */
const MOST_YES = 3

/** Words with which people agree. Only `confirm` itself is taken. */
const YES = new Set(
  'yes y yep yeah sure really definitely ok okay force confirmed agree agreed proceed go do'.split(' '),
)

/**
 * The fault of a word in the place of `confirm`. A line to copy is offered only where the word is misspelt and no other
 * words are there.
 */
function confirmMeant(
  { command, given, pending }: CommandDraft,
  words: readonly WordToken[],
  hidden: readonly string[],
): OptionError | undefined {
  if (!Object.hasOwn(command.options.shape, 'confirm') || given.has('confirm')) return undefined
  const said = words.map((token) => ({ ...token, bare: token.word.replace(/^-{1,3}/, '').toLowerCase() }))
  const near = said.find(({ bare }) => bare.length < LONGEST_NAME && leven(bare, 'confirm') <= 2)
  if (near !== undefined) {
    const isAlone = hidden.length === 0 && pending.every((one) => one.from === near.from || isMark(one))
    return isAlone ? [faults.confirm(near.source), { confirm: 'confirm' }] : [faults.confirmAlone(near.source)]
  }
  const yes = said.length > MOST_YES ? undefined : said.find(({ bare }) => YES.has(bare) || bare.startsWith('confirm'))
  return yes && [faults.confirmToGoOn(yes.source)]
}

/** Whether an option of the command is required. */
export function isNeeded(command: Command, key: string): boolean {
  return !command.options.shape[key]!.safeParse(undefined).success
}
