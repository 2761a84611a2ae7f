import { isNumberWord } from './number-words.ts'
import { keyOf, optionNames } from './option-names.ts'
import { isJoint, show } from './prose.ts'
import { type Fault, isTaken, LONGEST_NAME, meantFor, type Reading, withoutEnd } from './reading.ts'
import type { WordToken } from './tokens.ts'

const LISTS = new Set(['tags', 'skills'])
const FILLERS = new Set('as a an the with of and its it is to for this item issue one'.split(' '))

/**
 * `as a small bug, high priority, tags docs and typescript`: the options that a sentence speaks of, with `…` in the place
 * of a value that is none. Undefined where a word is left that says something else.
 */
export function spokenOptions(reading: Reading, words: readonly WordToken[]): Fault | undefined {
  const { command, given } = reading
  const { counted, chosen } = optionNames(command)
  const found = new Map<string, string>()
  const open = new Set<string>()
  let list: string[] | undefined
  for (let at = 0; at < words.length; at++) {
    const word = withoutEnd(words[at]!.word).toLowerCase()
    const key = word.length > LONGEST_NAME ? undefined : keyOf(command, word)
    const value = chosen.find((one) => word.length <= LONGEST_NAME && isTaken(command, one, word))
    if (key !== undefined && LISTS.has(key)) list = []
    else if (key !== undefined && counted.includes(key)) {
      list = undefined
      const next = words[at + 1]?.word ?? ''
      const number = isTaken(command, key, next) ? next : meantFor(command, key, next)
      if (number === undefined) open.add(key)
      else {
        found.set(key, number)
        at++
      }
    } else if (key !== undefined && chosen.includes(key)) list = undefined
    else if (list !== undefined && !isJoint(word) && (value === undefined || value === 'type')) {
      list = [...list, word]
      found.set('tags', list.join(','))
    } else if (value !== undefined) {
      list = undefined
      found.set(value, word)
    } else if (!isJoint(word) && !FILLERS.has(word) && !isLevel(words, at, command)) return undefined
  }
  const all = [...found.keys(), ...open]
  if (
    found.size === 0 ||
    all.some((key) => given.has(key)) ||
    [...found].some(([key, value]) => !isTaken(command, key, value))
  )
    return undefined
  reading.gaps.push(...[...open].map((key) => `${key}=…`))
  const written = [...[...found].map(([key, value]) => `${key}=${value}`), ...[...open].map((key) => `${key}=…`)]
  const said = words.map(({ source }) => source).join(' ')
  return [`${show(said)} is not read: options are written as ${written.map(show).join(' ')}`, Object.fromEntries(found)]
}

/** `high` before `priority`: a value that is none. */
function isLevel(words: readonly WordToken[], at: number, command: Reading['command']): boolean {
  const next = words[at + 1]?.word ?? ''
  const key = next.length > LONGEST_NAME ? undefined : keyOf(command, withoutEnd(next))
  return key !== undefined && optionNames(command).counted.includes(key) && !isNumberWord(words[at]!.word)
}
