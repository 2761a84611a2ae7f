import { COMMANDS } from '../registry.ts'
import { LEFT_OUT } from '../../domain/markdown.ts'
import { INVISIBLE, LIST_MARK, startOf, nameIn } from './command-start.ts'

export interface Mention {
  line: string
  name: string
}

const KNOWN = new Set(COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]))

/**
 * Misspelt forms of `/wl` at a line's start, before a command's name: with another sign or none before it, with no
 * blank behind it, or with a wrong letter.
 */
const NEAR =
  /^(?:\/wasteland|@wasteland[a-z0-9-]{0,30}|(?:[/\u2044\uff0f]{1,2}|[\\!#.@])\s{0,3}(?:wl|wll|lw|w[1eikop]|w(?=\s))|wl(?=[\s:,;.-]))[\s:,;._/-]{0,3}([a-z]{2,12})(?:[\s,!]|\.(?:\s|$)|$)/i

export const NEAR_LINE =
  /^[^\S\n]{0,8}(?:(?:[-*+]|[0-9]{1,3}[.)])[^\S\n]{1,4})?[*_]{0,3}(?:\/wasteland|@wasteland|\/stamp|\/unclaim|wl[\s:,;.-]|(?:[/\u2044\uff0f]{1,2}|[\\!#.@])\s{0,3}(?:wl|lw|w[1eikop\s]))/im

/** The command that a line mentions without giving it: behind other words, or with `/wl` misspelt. */
export function mentioned(line: string): string | undefined {
  const begin = line
    .replace(INVISIBLE, '')
    .replace(LIST_MARK, '')
    .replace(/^[*_]{1,3}/, '')
  const near = NEAR.exec(begin)?.[1]?.toLowerCase()
  if (near !== undefined && KNOWN.has(near)) return near
  // A line that begins with the bridge's own name is meant for it.
  if (CALLED.test(begin))
    return (
      begin
        .toLowerCase()
        .split(/[^a-z]+/, MOST_CALLED)
        .find((word) => KNOWN.has(word)) ?? 'help'
    )
  const bare = /^\/([a-z]+)(?:\s|$)/i.exec(begin)?.[1]?.toLowerCase()
  if (bare !== undefined && DISTINCT.has(bare)) return bare
  const behind = /(?:^_{0,3}|[^\w/\\"'`“„«])\/wl\s+([a-z]+)/i.exec(line)?.[1]?.toLowerCase()
  return behind !== undefined && KNOWN.has(behind) ? behind : undefined
}

const CALLED = /^@wasteland[a-z0-9-]{0,30}[\s,:]/i

const MOST_CALLED = 40

/**
 * The first command of a comment that is nothing but code with commands: without any other word the code is no
 * explanation.
 */
export function inCode(source: readonly string[]): Mention | undefined {
  const lines = source.map((line) => line.trim()).filter((line) => line !== '' && !FENCE.test(line))
  const starts = lines.map((line) => startOf(line.replaceAll('`', '').trim()))
  const name = starts.every((start) => start !== undefined) ? nameIn(starts[0]?.text ?? '') : undefined
  return name !== undefined && KNOWN.has(name) ? { line: starts[0]!.text, name } : undefined
}

const FENCE = /^(?:`{3,}|~{3,})[a-z]{0,20}$/i

/** Commands that are known without `/wl`; `/close`, `/update` and the like are commands of other bots. */
const DISTINCT = new Set(['stamp', 'unclaim'])

/** The name of a command that became part of a quote or a folded section, because there is no blank line before it. */
export function hiddenName(source: readonly string[], plain: readonly string[], at: number): string | undefined {
  const before = source[at - 1]?.trim()
  if (before === undefined || plain[at] !== LEFT_OUT || !/^(?:>|<details|<summary|<\/summary)/i.test(before))
    return undefined
  const text = startOf(source[at]!.trim())?.text
  const name = text === undefined ? undefined : nameIn(text)
  return name !== undefined && KNOWN.has(name) ? name : undefined
}
