import { faults } from '../../replies/faults.ts'
import type { Command } from '../command.ts'
import { denies } from './denials.ts'
import { isCourtesy } from './prose.ts'
import type { Token, WordToken } from './token.ts'

// A line that asks, denies or sets a condition means something other than the command in it, so it never runs.

/** Words that begin a condition. They count at the beginning only: `better than before` is praise. */
const CONDITIONS = new Set(
  (
    'if unless until till once when whenever after before instead maybe perhaps probably later tomorrow soon except or either oder minus ' +
    'pending assuming provided providing sobald wenn sofern solange vorausgesetzt lorsque dès cuando quando'
  ).split(' '),
)
/** Words that may come before a condition, beside thanks and praise. */
const LEADS = new Set('but and only just also then nur aber mais solo sólo'.split(' '))
/** Words of a condition in any place. */
const ANYWHERE =
  /\b(?:unless|provided that|sobald|sofern|(?:only|but) (?:once|if|when|after)|(?:nur|aber|erst) (?:wenn|falls|nach)|as soon as(?! possible)|(?:as|so) long as(?! needed)|(?:hold|wait) until|in case|on condition|depending on|subject to|mais seulement)\b/i
export const ASKS = /[?？¿⁇]/

/** The fault of words that no option took and that may take the command back; undefined where they do not. */
export function doubtIn(command: Command, words: readonly WordToken[]): string | undefined {
  if (command.group === 'look') return undefined
  const denied = words.find(({ word }) => denies(word))
  const found = denied?.source ?? conditionIn(words)
  return found === undefined ? undefined : faults.doubtful(found, command.text)
}

/** The condition in these words: at the beginning, also behind `but only`; some words count anywhere. */
function conditionIn(words: readonly WordToken[]): string | undefined {
  const said = words.filter(({ word }) => /[\p{L}\p{N}]/u.test(word))
  const at = said.findIndex((one) => !LEADS.has(one.word.toLowerCase()) && !isCourtesy(one))
  const first = at === -1 ? undefined : said[at]
  if (first !== undefined && isCondition(first.word))
    return said
      .slice(0, at + 1)
      .map(({ source }) => source)
      .join(' ')
  return ANYWHERE.exec(said.map(({ word }) => word).join(' '))?.[0]
}

/** Whether words leave a value open, as in `small or medium`: they go on from the value, and are no text. */
export function leavesOpen({ group }: Command, [first]: readonly WordToken[]): boolean {
  return group !== 'look' && first !== undefined && ALTERNATIVES.has(first.word.toLowerCase())
}

const ALTERNATIVES = new Set(['or', 'either', 'oder'])

export function isCondition(word: string): boolean {
  return CONDITIONS.has(word.toLowerCase())
}

/**
 * The word or value with which a line asks a question; undefined where it asks none, or the command itself only asks.
 */
export function asksIn(command: Command, name: string, tokens: readonly Token[]): string | undefined {
  // Without `confirm` these commands only say what would happen.
  if (command.group === 'look' || Object.hasOwn(command.options.shape, 'confirm')) return undefined
  if (ASKS.test(name)) return name
  return tokens.find(isQuestion)?.source
}

function isQuestion(token: Token): boolean {
  if (token.kind === 'text' || (token.kind === 'option' && token.isQuoted)) return false
  // An address may have a question mark.
  return !token.source.includes('://') && ASKS.test(token.source)
}
