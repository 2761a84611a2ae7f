import { isWellFormedWantedId, readWantedId } from '../domain/ids.ts'
import { LEFT_OUT } from '../domain/markdown.ts'
import { mayHaveNames } from '../domain/named-lines.ts'
import { plainLines, readItemNames } from '../ops/text-reader.ts'
import { UNREAD_DESCRIPTION } from '../replies/status.ts'

/** A reference of a pull request to a wanted item. */
export interface Reference {
  wanted: string
  /**
   * The label that names the item; undefined for a `Wanted:` line of the body, or an issue that the pull request
   * closes.
   */
  label: string | undefined
  /** False for a bare label like `w-waiting`, which may mean something of the repository's own. */
  certain: boolean
}

export interface References {
  items: Reference[]
  /** The words that were meant as ids and are none. */
  malformed: string[]
  /** True when the description could not be read: then it is not even known whether an item is no longer named. */
  unread: boolean
  /** Issues that lines of the body name, as `#12` or by address; `namedBy` finds their items. */
  issues?: string[]
}

const MAX_ITEMS = 10
const PREFIXED = /^wl:(.*)$/is

/**
 * Reads the references in labels, `wl:w-…` and `w-…` in any case, then those in the lines of the body (`readNames`).
 */
export async function readReferences(pull: { labels: readonly string[]; body: string }): Promise<References> {
  const names = await readItemNames(pull.body)
  const found: References = { items: [], malformed: [], unread: names === undefined }
  if (found.unread) found.malformed.push(UNREAD_DESCRIPTION)
  for (const label of pull.labels) addLabel(found, label)
  const issues: string[] = []
  for (const name of names ?? []) {
    if ('item' in name) found.items.push({ wanted: name.item, label: undefined, certain: name.certain })
    else if ('malformed' in name) found.malformed.push(name.malformed)
    else issues.push(name.issue)
  }
  return { ...mergeReferences(found, []), ...(issues.length > 0 && { issues: issues.slice(0, MAX_ITEMS) }) }
}

const LINE = /^wanted:/i

/**
 * Reads references like the versions of this bridge before the present forms: in the body only lines `Wanted: w-…`, and
 * of each its first word.
 */
export async function readOldReferences(pull: { labels: readonly string[]; body: string }): Promise<References> {
  const lines = await plainLines(pull.body, LINE)
  const found: References = { items: [], malformed: [], unread: lines === undefined }
  if (found.unread) found.malformed.push(UNREAD_DESCRIPTION)
  for (const label of pull.labels) addLabel(found, label)
  for (const line of lines ?? []) {
    const [word = ''] = line
      .replace(LINE, '')
      .replaceAll(LEFT_OUT, ' ')
      .trim()
      .split(/[\s,.;]/, 1)
    const wanted = readWantedId(word)
    if (wanted !== undefined) found.items.push({ wanted, label: undefined, certain: true })
    else if (/^w-/i.test(word)) found.malformed.push(word)
  }
  return mergeReferences(found, [])
}

/** Merges references: each item and each malformed id once, and of neither more than a few. */
export function mergeReferences(found: References, more: readonly Reference[]): References {
  const first = new Map<string, Reference>()
  for (const item of [...found.items, ...more]) {
    const earlier = first.get(item.wanted) ?? item
    first.set(item.wanted, { ...earlier, certain: earlier.certain || item.certain })
  }
  return {
    items: [...first.values()].slice(0, MAX_ITEMS),
    malformed: [...new Set(found.malformed)].slice(0, MAX_ITEMS),
    unread: found.unread,
  }
}

/** False for a pull request that surely names no item by a label or a line: its description need not be parsed. */
export function mayName(pull: { labels: readonly string[]; body: string }): boolean {
  return (
    mayHaveNames(pull.body) ||
    pull.labels.some((label) => PREFIXED.test(label.trim()) || readWantedId(label) !== undefined)
  )
}

const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b/i

/** True for a description that may close an issue; GitHub says which. */
export function mayClose(body: string): boolean {
  return CLOSING.test(body)
}

function addLabel(found: References, label: string) {
  const prefixed = PREFIXED.exec(label.trim())?.[1]
  const wanted = readWantedId(prefixed ?? label)
  if (wanted !== undefined) {
    found.items.push({ wanted, label, certain: prefixed !== undefined || isWellFormedWantedId(wanted) })
  } else if (prefixed !== undefined) {
    found.malformed.push(label)
  }
}
