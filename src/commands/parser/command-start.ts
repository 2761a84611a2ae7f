export interface CommandStart {
  /** The list marks and emphasis before `/wl`. */
  marks: string
  /** From `/wl` on, without the emphasis around it. */
  text: string
  /** From `/wl` on, with the emphasis behind it. */
  raw: string
}

export const INVISIBLE = /^[\u00ad\u200b-\u200d\u2060\ufeff]+/

export const LIST_MARK = /^(?:[-*+]|[0-9]{1,3}[.)])\s+/

const EMPHASIS = ['***', '___', '**', '__', '*', '_'] as const

/** The start of a line that is a command; undefined for any other line. */
export function startOf(line: string): CommandStart | undefined {
  if (!/\/wl/i.test(line.slice(0, 40))) return undefined
  const seen = line.replace(INVISIBLE, '')
  const list = LIST_MARK.exec(seen)?.[0] ?? ''
  const listed = seen.slice(list.length)
  const around = EMPHASIS.find((mark) => listed.startsWith(mark) && listed.length > 2 * mark.length) ?? ''
  const isClosed = around !== '' && listed.endsWith(around)
  const text = isClosed ? listed.slice(around.length, -around.length).trim() : listed
  if (!/^\/wl(?=\s|$)/i.test(text)) return undefined
  return { marks: `${list}${isClosed ? around : ''}`, text, raw: isClosed ? listed.slice(around.length) : text }
}

export function nameIn(text: string): string | undefined {
  const name = /^\/wl\s+(\S+)/i.exec(text)?.[1]
  return name === undefined ? undefined : withoutMarks(name.toLowerCase())
}

/** A command's name without the punctuation behind it, as in `stamp,`. */
export function withoutMarks(name: string): string {
  let end = name.length
  while (end > 0 && '.,;:!?*_)\u200b'.includes(name[end - 1]!)) end--
  return end === 0 ? name : name.slice(0, end)
}
