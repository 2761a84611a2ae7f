import type { Command } from './command.ts'
import { denies } from './denials.ts'
import { show } from './prose.ts'
import type { Token, WordToken } from './tokens.ts'

// A line that asks, denies or sets a condition says something other than the command in it, so it never runs.

/** At the beginning only: `better than before` is praise. */
const CONDITIONS = new Set(
  'if unless until till once when whenever after before instead maybe perhaps probably later tomorrow soon except or either oder minus'.split(
    ' ',
  ),
)
export const ASKS = /[?？¿⁇]/

/** Why words that no option took may take the command back; undefined where they do not. */
export function doubtIn(command: Command, words: readonly WordToken[]): string | undefined {
  if (command.group === 'look') return undefined
  const denied = words.find(({ word }) => denies(word))
  const first = words.find(({ word }) => /[\p{L}\p{N}]/u.test(word))
  const found = denied ?? (first !== undefined && isCondition(first.word) ? first : undefined)
  if (found === undefined) return undefined
  return `${show(found.source)} may take back, or leave open, what stands beside it, so nothing was done: leave it out${remark(command)}`
}

/** `small or medium`: words that go on from a value, and are no text. */
export function leavesOpen({ group }: Command, [first]: readonly WordToken[]): boolean {
  return group !== 'look' && first !== undefined && ALTERNATIVES.has(first.word.toLowerCase())
}

const ALTERNATIVES = new Set(['or', 'either', 'oder'])

export function isCondition(word: string): boolean {
  return CONDITIONS.has(word.toLowerCase())
}

function remark({ text }: Command): string {
  return text === undefined ? '' : `; a remark stands in quotes, ${show(`${text}="…"`)}`
}

/** The word or value of a line with which it asks; undefined where it does not, or asking is all that the command does. */
export function asksIn(command: Command, name: string, tokens: readonly Token[]): string | undefined {
  // Without `confirm` these say only what would happen.
  if (command.group === 'look' || Object.hasOwn(command.options.shape, 'confirm')) return undefined
  if (ASKS.test(name)) return name
  return tokens.find(isQuestion)?.source
}

function isQuestion(token: Token): boolean {
  if (token.kind === 'text' || (token.kind === 'option' && token.isQuoted)) return false
  // An address may have one.
  return !token.source.includes('://') && ASKS.test(token.source)
}
