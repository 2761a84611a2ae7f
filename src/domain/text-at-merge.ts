import { isSameText } from './text.ts'

/**
 * Times are ISO 8601 in whole seconds, as GitHub gives them. A text written in the second of the merge counts as later
 * than it.
 */

/** One edit of a description; `text` is undefined where GitHub does not give it any more. */
export interface BodyEdit {
  at: string
  text: string | undefined
}

export interface BodyHistory {
  /** The present text. */
  body: string
  wasEdited: boolean
  /** The edits; those of one second in the order in which they were made. The first is the text as it was opened. */
  edits: readonly BodyEdit[]
  /** How many edits GitHub counts. */
  total: number
}

/** The description of a pull request at its merge; undefined where GitHub's history of edits is incomplete. */
export function bodyAtMerge(
  { body, wasEdited, edits, total }: BodyHistory,
  { createdAt, mergedAt }: { createdAt: string; mergedAt: string },
): string | undefined {
  if (!wasEdited && total === 0) return body
  const versions = inOrder(edits)
  const [first, last] = [versions[0], versions.at(-1)]
  // The list is of another moment, or incomplete.
  if (versions.length !== total || last?.text === undefined || !isSameText(last.text, body)) return undefined
  const merged = versions.findLast(({ at }) => isBefore(at, mergedAt))
  if (merged !== undefined) return merged.text
  return first !== undefined && !isBefore(createdAt, first.at) ? first.text : undefined
}

export interface Rename {
  at: string
  from: string
  to: string
}

/** The title of a pull request at its merge; undefined where the renames do not lead to the present one. */
export function titleAtMerge(title: string, renames: readonly Rename[], mergedAt: string): string | undefined {
  const all = inOrder(renames)
  if (all.length > 0 && all.at(-1)!.to !== title) return undefined
  return all.find(({ at }) => !isBefore(at, mergedAt))?.from ?? title
}

function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other)
}

/** Sorted oldest first; entries of one second keep their order. */
function inOrder<T extends { at: string }>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
