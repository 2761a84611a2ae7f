import leven from 'leven'
import { LEFT_OUT } from '../domain/markdown.ts'
import type { Command } from './command.ts'
import { doubtIn, leavesOpen } from './doubts.ts'
import { keyOf, optionNames } from './option-names.ts'
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
  show,
} from './prose.ts'
import {
  type Fault,
  fault,
  give,
  HIDDEN,
  isMark,
  isTaken,
  isUnsure,
  LONGEST_NAME,
  PERSONS,
  pieceOf,
  type Reading,
  UNSURE,
} from './reading.ts'
import { endsSomething } from './synonyms.ts'
import { saysNothing, type WordToken } from './tokens.ts'

// The words at the end that nothing took: prose, or a fault.

/** What is left at the end is prose, or a fault. */
export function endProse(reading: Reading, hidden: readonly string[]) {
  const before = reading.faults.length
  endWords(reading, hidden)
  const isFaulty = reading.faults.length > before
  if (reading.between.length > 0) endBetween(reading, isFaulty)
  if (!isFaulty) keepWords(reading)
}

/** Words before an option or a name may say how it is meant, so a line is given only where they surely say nothing. */
function endBetween(reading: Reading, isFaulty: boolean) {
  const { command, given, pending, between } = reading
  const [run, ...others] = between as [Reading['between'][number], ...Reading['between']]
  const said = run.words.map(({ source }) => source).join(' ')
  const where = `${show(said)} stands before an option or a name, where no other words are read`
  const key = command.text
  const isFillers = between.every(({ words, before }) => words.every((one) => isFiller(one, before)))
  const isRemark = (words: readonly WordToken[]) =>
    words.every((one) => isPraise(one) || isJoint(one.word) || saysNothing(one.word))
  if (isFillers) fault(reading, `${where}: leave it out`, endsSomething(command.name) ? undefined : {})
  else if (
    key !== 'message' ||
    given.has(key) ||
    isFaulty ||
    others.length > 0 ||
    run.before === 'name' ||
    !isRemark(run.words)
  )
    fault(reading, where)
  else {
    const all = [...run.words, ...pending.splice(0)].map(({ source }) => source).join(' ')
    fault(reading, `${show(said)} is not read: a remark stands in quotes, ${show(`${key}="…"`)}`, { [key]: all })
  }
}

/** A line that is offered has all that was said: what stands at the end is the remark, or no line is offered. */
function keepWords(reading: Reading) {
  const { command, given, pending, faults, pieces } = reading
  const words = pending.filter(({ word }) => !saysNothing(word))
  if (faults.length === 0 || !reading.isCertain || isSmallTalk(words)) return
  const key = command.text
  if (key !== 'message' || given.has(key)) reading.isCertain = false
  else pieces.push(pieceOf(command, key, words.map(({ source }) => source).join(' ')))
}

function endWords(reading: Reading, hidden: readonly string[]) {
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
  const other = command.isForOneself === true ? forAnother(words) : undefined
  if (other !== undefined)
    return fault(
      reading,
      `${show(other)} is not read: ${show(command.name)} is for oneself, so who is meant comments ${show(`/wl ${command.name}`)}`,
    )
  const taken = command.group === 'trust' ? doubtIn(command, pending) : undefined
  if (taken !== undefined) return fault(reading, taken)
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

/** `for my colleague`: whom somebody else means. */
function forAnother(words: readonly WordToken[]): string | undefined {
  const at = words.findIndex(({ word }, n) => {
    const next = words[n + 1]?.word.toLowerCase()
    return word.toLowerCase() === 'for' && next !== undefined && /^\p{L}/u.test(next) && !OF_ONESELF.has(next)
  })
  if (at === -1) return undefined
  return words
    .slice(at)
    .map(({ source }) => source)
    .join(' ')
}

const OF_ONESELF = new Set(
  'me myself us now today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday a an the this that these those it two three four five six seven some few about next one sure real free fun good now ever review testing'.split(
    ' ',
  ),
)

/** Words in the place of a text: it is put in quotes, unless an option is among them. */
function unquotedText(
  reading: Reading,
  words: readonly WordToken[],
  { key, texts }: { key: string; texts: string },
): Fault {
  const { command, given } = reading
  const sign = words.find(({ word }) => /^-{0,3}[a-z]{2,20}\W{0,2}[=＝]/i.test(word))
  if (sign !== undefined) {
    const option = keyOf(command, /[a-z]+/i.exec(sign.word)![0])
    const right = option === undefined ? '' : `: ${show(`${option}=…`)} is one, and replaces what there is`
    return [`${show(sign.source)} looks like an option, and is none${right}`]
  }
  if (key === 'title' && words.length === 1 && !/\p{L}{2}/u.test(words[0]!.word))
    return [`${show(texts)} is not read: a title has words, and no amount of money is kept`, {}]
  const named = namesOption(command, words, (one) => given.has(one))
  const spoken = named === undefined || key !== 'title' ? undefined : spokenOptions(reading, words)
  if (spoken !== undefined) return spoken
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

/** Whether the command cannot do without an option. */
export function isNeeded(command: Command, key: string): boolean {
  return !command.options.shape[key]!.safeParse(undefined).success
}
