import { oneLine } from './text.ts'

/** One line of the task list under the `Acceptance` heading of a posted issue. */
export interface Task {
  text: string
  done: boolean
}

/** An issue's description as somebody left it; `by` is undefined for an account that is gone, or none of a person. */
export interface Version<T> {
  body: string
  by: T | undefined
}

/** A task and who ticked it last, if it is ticked. */
export interface Ticked<T> extends Task {
  by: T | undefined
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/
const TITLE = /^acceptance(?: criteria)?:?$/i
const TASK = /^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\][ \t]+(\S.*)$/
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** The tasks under the first such heading, up to the next heading of its rank or a higher one; none in code or HTML comments. */
export function readTasks(markdown: string): Task[] {
  const tasks: Task[] = []
  let rank = 0
  let fence = ''
  for (const line of markdown.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '').split(/\r\n?|\n/)) {
    const mark = FENCE.exec(line)?.[1] ?? ''
    if (fence !== '') {
      if (mark.startsWith(fence)) fence = ''
      continue
    }
    fence = mark
    const [, hashes, title] = HEADING.exec(line) ?? []
    if (hashes !== undefined && rank > 0 && hashes.length <= rank) break
    if (hashes !== undefined && rank === 0 && TITLE.test(title!)) rank = hashes.length
    const [, box, text] = rank === 0 ? [] : (TASK.exec(line) ?? [])
    if (text !== undefined) tasks.push({ text: oneLine(text, 200), done: box !== ' ' })
  }
  return tasks
}

/** The tasks of the last version, each with who ticked it: whoever left it ticked when it was not before. */
export function tickedBy<T>(versions: readonly Version<T>[]): Ticked<T>[] {
  let before = new Map<string, Ticked<T>>()
  for (const { body, by } of versions) {
    const now = new Map<string, Ticked<T>>()
    for (const task of readTasks(body)) {
      // Equal lines are told apart by their order.
      let key = task.text
      while (now.has(key)) key += '\n'
      const earlier = before.get(key)
      now.set(key, { ...task, by: task.done ? (earlier?.done === true ? earlier.by : by) : undefined })
    }
    before = now
  }
  return [...before.values()]
}
