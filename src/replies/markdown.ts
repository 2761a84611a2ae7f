import { clip, oneLine } from '../domain/text.ts'

/**
 * Other people's text in a code span, where it can neither mention, link nor format: one line, of 200 characters at
 * most by default.
 */
export function quote(text: string, limit = 200): string {
  const line = clip(oneLine(text), limit)
  if (line === '') return '` `'
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 || line.startsWith(' ') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** Lines ready to copy, in a fence longer than any run of backticks in them. */
export function fence(lines: readonly string[]): string {
  const text = lines.join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}\n${text}\n${ticks}`
}

/** A login of GitHub as it may stand in text without notifying its owner. */
export function login(name: string): string {
  return quote(name, 100)
}

/** A link through redirect.github.com. A plain link would write "mentioned this" into the history of its page. */
export function quietly(url: string): string {
  return url.replace(/^https:\/\/github\.com\//, 'https://redirect.github.com/')
}
