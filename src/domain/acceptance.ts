import type { Heading, ListItem, Nodes, RootContent } from 'mdast'
import { parseMarkdown, textOf } from './markdown.ts'
import { oneLine } from './text.ts'

/** One line of the task list under the `Acceptance` heading of a posted issue. */
export interface Task {
  text: string
  done: boolean
}

/**
 * One version of an issue's description. `by` is the account that left it; undefined where the account is gone or is no
 * person's.
 */
export interface TextVersion<T> {
  body: string
  by: T | undefined
}

/** A task and who ticked it last, if it is ticked. */
export interface Ticked<T> extends Task {
  by: T | undefined
}

/** The tasks under the `Acceptance` heading of an issue's description. */
export interface Acceptance {
  tasks: Task[]
  /** The number of tasks outside that heading; they are no criteria. */
  elsewhere: number
}

const TITLES = new Set(['acceptance', 'acceptance criteria'])
/** In characters; a longer heading is no such title. */
const LONGEST_TITLE = 200
const BOX = /^\[([ \txX\r\n])\]\s/

/** Cheap check before parsing: false for a text without any task box. A box has no other spelling. */
export function mayHaveTasks(markdown: string): boolean {
  return /\[[ \txX\r\n]\]/.test(markdown)
}

/**
 * The tasks that GitHub shows under the first such heading, up to the next heading of its rank or a higher one. As
 * costly as `parseMarkdown`.
 */
export function readAcceptance(markdown: string): Acceptance {
  const tree = parseMarkdown(markdown)
  const blocks = 'children' in tree ? (tree.children as RootContent[]) : []
  const all = tasksIn(blocks, markdown)
  const start = blocks.findIndex((block) => block.type === 'heading' && isTitle(textOf(block)))
  if (start === -1) return { tasks: [], elsewhere: all.length }
  const rank = (blocks[start] as Heading).depth
  const end = blocks.findIndex((block, n) => n > start && block.type === 'heading' && block.depth <= rank)
  const tasks = tasksIn(blocks.slice(start + 1, end === -1 ? undefined : end), markdown)
  return { tasks, elsewhere: all.length - tasks.length }
}

/**
 * True for `Acceptance` and `Acceptance criteria`, read as the page shows them: emphasis, emoji, numbers and signs
 * around the words are ignored, and so is one `(…)` after them.
 */
export function isTitle(heading: string): boolean {
  if (heading.length > LONGEST_TITLE) return false
  const words = withoutShortcodes(heading.normalize('NFKC')).replace(/[*_~\p{Cf}]/gu, '')
  const title = lettersOf(words.toLowerCase().replace(/\s+/g, ' '))
  const open = title.indexOf('(')
  const [name, note] = open === -1 ? [title, ''] : [lettersOf(title.slice(0, open)), title.slice(open + 1)]
  return TITLES.has(name) && !note.includes(')')
}

/** `:white_check_mark:` is an emoji. */
function withoutShortcodes(text: string): string {
  return text.replace(/:[a-z0-9_+-]{1,50}:/gi, ' ')
}

/** From the first letter to the last. */
function lettersOf(text: string): string {
  const letters = [...text.matchAll(/\p{L}/gu)]
  const [first, last] = [letters[0], letters.at(-1)]
  return first === undefined ? '' : text.slice(first.index, last!.index + last![0].length)
}

function tasksIn(blocks: readonly Nodes[], markdown: string): Task[] {
  return itemsIn(blocks).flatMap((item) => readTask(item, markdown))
}

/** The list items in text order. Iterative: lists nest as deep as a text is long, which would overflow the stack. */
function itemsIn(blocks: readonly Nodes[]): ListItem[] {
  const items: ListItem[] = []
  const open = blocks.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'listItem') items.push(node)
    if (node.type === 'list' || node.type === 'listItem' || node.type === 'blockquote')
      open.push(...node.children.toReversed())
  }
  return items
}

/** GitHub makes a box of the first characters of an item's first paragraph, whatever Markdown makes of them. */
function readTask({ children: [first] }: ListItem, markdown: string): Task[] {
  const from = first?.type === 'paragraph' ? first.position?.start.offset : undefined
  if (from === undefined) return []
  const [whole, box] = BOX.exec(markdown.slice(from, from + 4)) ?? []
  if (whole === undefined) return []
  const text = firstLine(markdown.slice(from + whole.length, first!.position!.end.offset))
  return text === '' ? [] : [{ text: oneLine(text, 200), done: box === 'x' || box === 'X' }]
}

function firstLine(text: string): string {
  return text
    .trimStart()
    .split(/[\r\n]/, 1)[0]!
    .trim()
}

/**
 * The tasks of the last version, each with the account that ticked it: the author of the version in which it is ticked
 * and was not before. `lists` are the tasks of each version.
 */
export function tickedBy<T>(versions: readonly TextVersion<T>[], lists: readonly (readonly Task[])[]): Ticked<T>[] {
  let before = new Map<string, Ticked<T>>()
  for (const [n, { by }] of versions.entries()) {
    const now = new Map<string, Ticked<T>>()
    const seen = new Map<string, number>()
    for (const task of lists[n]!) {
      // Equal lines are told apart by their order.
      const nth = seen.get(task.text) ?? 0
      seen.set(task.text, nth + 1)
      const key = `${nth}\n${task.text}`
      const earlier = before.get(key)
      now.set(key, { ...task, by: task.done ? (earlier?.done === true ? earlier.by : by) : undefined })
    }
    before = now
  }
  return [...before.values()]
}
