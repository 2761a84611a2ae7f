import { SKILL, SKILL_LIMIT } from '../../domain/stamp.ts'
import { faults } from '../../replies/faults.ts'
import { denies } from './denials.ts'
import { isCondition } from './doubts.ts'
import { keyOf, LONGEST_NAME, optionNames } from './option-names.ts'
import { isCourtesy, isJoint } from './prose.ts'
import { type OptionError, isTaken, meantFor, type CommandDraft, withoutEnd } from './reading.ts'
import type { WordToken } from './token.ts'

const LISTS = new Set(['tags', 'skills'])
const FILLERS = new Set('as a an the with of and its it is are to for this item issue one'.split(' '))
/** Levels that people write and that no option takes. */
const LEVELS = new Set('high low top highest lowest urgent critical normal default'.split(' '))
/** Words that are no names of a list. */
const NO_NAMES = new Set('or add remove set without should must be please skills tags not'.split(' '))

interface SpokenOptions {
  found: Map<string, string>
  /** Options that were named with a level that they do not take. */
  open: Set<string>
}

/**
 * The fault of a sentence that names options, such as `as a small bug, high priority, tags docs and typescript`, with
 * the options as they are written, and `…` in the place of a value that its option does not take. Undefined where a
 * word is left that means something else.
 */
export function spokenOptions(reading: CommandDraft, words: readonly WordToken[]): OptionError | undefined {
  const { command, given } = reading
  const spoken = words.some(({ word }) => denies(word) || isCondition(word)) ? undefined : readSpoken(command, words)
  if (spoken === undefined || spoken.found.size === 0) return undefined
  const { found, open } = spoken
  if ([...found.keys(), ...open].some((key) => given.has(key))) return undefined
  if ([...found].some(([key, value]) => !isTaken(command, key, value))) return undefined
  const gaps = [...open].map((key) => `${key}=…`)
  reading.gaps.push(...gaps)
  const pieces = [...found].map(([key, value]) => (key === value ? key : `${key}=${value}`))
  const said = words.map(({ source }) => source).join(' ')
  return [faults.optionsAs(said, [...pieces, ...gaps]), Object.fromEntries(found)]
}

function readSpoken(command: CommandDraft['command'], words: readonly WordToken[]): SpokenOptions | undefined {
  const { counted, chosen } = optionNames(command)
  const said = words.map(({ word }) => withoutEnd(word).toLowerCase())
  const keyAt = (at: number) => ((said[at] ?? '').length > LONGEST_NAME ? undefined : keyOf(command, said[at] ?? ''))
  const found = new Map<string, string>()
  const open = new Set<string>()
  const isNew = (key: string) => !found.has(key) && !open.has(key)
  for (let at = 0; at < said.length; at++) {
    const word = said[at]!
    const key = keyAt(at)
    const value = word.length > LONGEST_NAME ? undefined : chosen.find((one) => isTaken(command, one, word))
    if (key !== undefined && LISTS.has(key)) {
      const names = namesAt(command, said, at + 1)
      if (names === undefined || !isNew(key)) return undefined
      found.set(key, names.list.join(','))
      at += names.took
    } else if (key !== undefined && counted.includes(key)) {
      if (!isNew(key)) return undefined
      const next = said[at + 1] ?? ''
      const number = isTaken(command, key, next) ? next : meantFor(command, key, next)
      if (number === undefined && !LEVELS.has(said[at - 1] ?? '') && !LEVELS.has(next)) return undefined
      if (number === undefined) open.add(key)
      else found.set(key, number)
      if (number !== undefined || LEVELS.has(next)) at++
    } else if (value !== undefined) {
      if (!isNew(value)) return undefined
      found.set(value, word)
    } else if (word === 'bounty' && command.words.includes('bounty')) found.set('bounty', word)
    else if (key !== undefined && chosen.includes(key)) continue
    else if (LEVELS.has(word) && counted.includes(keyAt(at + 1) ?? '')) continue
    else if (!isJoint(word) && !FILLERS.has(word)) return undefined
  }
  return { found, open }
}

/** The names of a list, and the number of words that they take; undefined where one of them may be no name. */
function namesAt(
  command: CommandDraft['command'],
  said: readonly string[],
  from: number,
): { list: string[]; took: number } | undefined {
  const list: string[] = []
  let at = from
  for (; at < said.length; at++) {
    const word = said[at]!
    if (isJoint(word)) continue
    if (LEVELS.has(word) || keyOf(command, word) !== undefined) break
    if (NO_NAMES.has(word) || FILLERS.has(word) || isCourtesy({ word } as WordToken) || !SKILL.test(word))
      return undefined
    list.push(word)
    if (list.length > SKILL_LIMIT) return undefined
  }
  return list.length === 0 ? undefined : { list, took: at - from }
}
