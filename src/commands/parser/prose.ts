import { LEFT_OUT } from '../../domain/markdown.ts'
import { faults } from '../../replies/faults.ts'
import { denies } from './denials.ts'
import { isNumberWord } from './number-words.ts'
import { keyOf } from './option-names.ts'
import type { Command } from '../command.ts'
import { saysNothing } from './tokens.ts'
import type { WordToken } from './token.ts'

// Prose: words after a command that are not meant for it. The rule is strict: a word that could be a value, a person or
// an option is never taken for prose, for then it would be dropped silently.

/** Emojis as text: `:tada:`, `:)`. */
const EMOJI = /^:(?:[a-z0-9_+-]+:|'?-?[()DPpOo|/\\*3])$/

export function isEmoji(source: string): boolean {
  return EMOJI.test(source)
}

const COURTESY = new Set(
  'please pls thanks thank thx ty cheers now again sorry done nice great good cool awesome amazing perfect ok okay yes everyone all too it this that'.split(
    ' ',
  ),
)
const THANKS = new Set('please pls thanks thank thx ty cheers'.split(' '))
const OF_THANKS = new Set('you u a lot so much very many for'.split(' '))
/** Words that are never guessed to be a login. */
const NO_LOGIN = new Set(
  'see and or for to by with of from in on at as is are was the a an my his her their our its if but not dont do does be me him them you your i we so then also just very really more most again first last one two three four five stars star points point score scores work job would could should might must have had been will half both all high low higher lower top raise reduce lower change increase decrease user author forever immediately nobody someone somebody anyone anybody everyone everybody nothing something anything everything undo only just'.split(
    ' ',
  ),
)

/** Words without a meaning of their own before an option, `the quality`, and before a name, `for @octocat`. */
const FILLERS = {
  option: new Set('please pls kindly the a an with this to'.split(' ')),
  name: new Set('please pls kindly to for'.split(' ')),
}

export type Before = keyof typeof FILLERS

export function isFiller({ word }: WordToken, before: Before): boolean {
  return FILLERS[before].has(word.toLowerCase())
}

/** Words of praise and of nothing else. */
const PRAISES = new Set(
  'great nice good solid clean excellent awesome amazing perfect lovely neat super brilliant fantastic wonderful cool well done very really quite pretty work job one stuff effort fix'.split(
    ' ',
  ),
)

export function isPraise({ word }: WordToken): boolean {
  return PRAISES.has(word.toLowerCase())
}

const JOINTS = new Set(['and', 'und', 'et', 'y', 'plus', 'also', '&', '+'])

/** Whether a word only joins two options. */
export function isJoint(word: string): boolean {
  return JOINTS.has(word.toLowerCase())
}

/** Options that people mean when they write their names in a sentence. */
const SPOKEN = new Set(
  'quality reliability creativity confidence level priority severity effort type skills tags'.split(' '),
)

/** The first word that names an option, where that option is not given or a number follows the word. */
export function namesOption(
  command: Command,
  words: readonly WordToken[],
  isGiven: (key: string) => boolean,
): { source: string; key: string } | undefined {
  for (const [at, { word, source }] of words.entries()) {
    const key = word.length < 4 ? undefined : keyOf(command, bare(word))
    if (key === undefined || !SPOKEN.has(key)) continue
    if (!isGiven(key) || isNumberWord(words[at + 1]?.word ?? '')) return { source, key }
  }
  return undefined
}

/** The fault of words behind a command that are not prose; undefined where they are. */
export function notProse(command: Command, words: readonly WordToken[], hidden: readonly string[]): string | undefined {
  const said = words.filter(({ word }) => !saysNothing(word))
  for (const [at, { word, source }] of said.entries()) {
    const why =
      (isEmoji(source) ? undefined : whyNot(command, { word, source })) ??
      (at === 0 ? optionFirst(command, said) : undefined)
    if (why !== undefined) return why
    const key = keyOf(command, bare(word))
    const next = said[at + 1]?.word
    if (key !== undefined && next !== undefined && /^[^\p{L}]*\p{N}/u.test(next))
      return faults.likeOption(`${word} ${next}`, key)
  }
  const [joint, second, ...others] = said
  const isJoined = second !== undefined && !isCourtesy(second) && others.every(isCourtesy)
  const isSelf = command.isForOneself === true && /^(?:me|us|myself|now)$/i.test(second?.word ?? '')
  if (isJoined && !isSelf && /^(?:for|to|by|with|of|and|plus|from)$/i.test(joint!.word))
    return faults.personWithAt(`${joint!.word} ${second.word}`)
  const piece = hidden.find((one) => isTelling(command, one))
  return piece === undefined ? undefined : faults.hiddenPiece(piece)
}

/** Whether a word is thanks or the like. */
export function isCourtesy({ word }: WordToken): boolean {
  return COURTESY.has(word.toLowerCase())
}

/** Whether a word is thanks or a request, which nothing countable follows. */
export function isThanks({ word }: WordToken): boolean {
  return THANKS.has(word.toLowerCase())
}

/** Whether words are thanks, emojis and the like, so that nobody misses them: `thank you very much`. */
export function isSmallTalk(words: readonly WordToken[]): boolean {
  return words.every((one) => isCourtesy(one) || isEmoji(one.source) || OF_THANKS.has(one.word.toLowerCase()))
}

/** Whether somebody may have meant a login by a word. */
export function mayBeLogin(token: WordToken): boolean {
  const { word } = token
  return (
    /^[a-z0-9][a-z0-9-]{0,38}$/i.test(word) &&
    !isCourtesy(token) &&
    !isPraise(token) &&
    !NO_LOGIN.has(word.toLowerCase())
  )
}

/** The only word, where it could be a login: for a command that acts on somebody or something by name. */
export function mayBeName(words: readonly WordToken[]): string | undefined {
  const said = words.filter(({ word }) => !saysNothing(word) && !word.includes(LEFT_OUT))
  const [only] = said
  return only !== undefined && said.length === 1 && mayBeLogin(only) ? only.word : undefined
}

function whyNot(command: Command, { word, source }: Pick<WordToken, 'word' | 'source'>): string | undefined {
  if (/^\/?[\p{L}\p{N}_-]*:\/\//u.test(word)) return faults.link(source)
  if (/[@＠]/.test(word)) return faults.notActedOn(source)
  if (/[=＝]/.test(word)) return faults.noSuchOption(source)
  if (/[#]/.test(word)) return faults.numberSign(source)
  if (/[:：]/.test(word)) return faults.noSuchOption(source)
  if (/[\u2b50\u2605\u2606\u{1f31f}]/u.test(word)) return faults.stars(source)
  if (/^[^\p{L}]*\p{N}/u.test(word)) return faults.number(source)
  if (word === '-m' && command.text !== undefined) return faults.textFlag(source, command.text)
  if (/^-+\p{L}/u.test(word)) return faults.noSuchOption(source)
  const name = /^[a-z]+/i.exec(word)?.[0] ?? ''
  const key = keyOf(command, name)
  const isOption = key !== undefined && name.length < word.length && /[0-9]/.test(word)
  return isOption ? faults.likeOption(source, key) : undefined
}

/** The fault of words that begin with the name of an option and go on with its value, as in `message great`. */
function optionFirst(command: Command, [first]: readonly WordToken[]): string | undefined {
  const key = keyOf(command, bare(first!.word))
  return key === undefined ? undefined : faults.optionName(first!.source, key)
}

function bare(word: string): string {
  return word.replace(/^-{1,3}/, '')
}

/** Whether a text that Markdown hides would be more than prose. */
function isTelling(command: Command, piece: string): boolean {
  const text = piece.replace(/https?:\/\/[^\s)>\]]{1,2000}/g, ' ')
  if (/@|＠|\/wl|\b[wcs]-[0-9a-f]{5}/i.test(text) || text.split(/[^\p{L}'’]/u).some(denies)) return true
  for (const [, name] of text.matchAll(/\b([a-z]{1,20})[*_~`]{0,3}\s?[=:＝：0-9]/gi))
    if (keyOf(command, name!) !== undefined) return true
  return false
}
