import { readFileSync } from 'node:fs'
import { PINNED } from '../ledger/dolt/dolt-version.ts'
import type { Subcommand } from './subcommand.ts'

/** The width of a terminal. */
const COLUMNS = 80
const PROGRAM = 'wasteland-bridge'

/** The help on all subcommands: usage and summary of each, one below the other. */
export function helpOf(subcommands: readonly Subcommand[]): string {
  return [
    `Usage: ${PROGRAM} <subcommand> [options]`,
    '',
    ...subcommands.flatMap((one) => [...usageLines(one), ...wrap(one.summary, 6, 6), '']),
    'wasteland-bridge <subcommand> --help explains one, --version names the version.',
    '',
  ].join('\n')
}

/** The help on one subcommand. */
export function helpFor(subcommand: Subcommand): string {
  return [...wrap(subcommand.usage, 0, 4), ...wrap(subcommand.summary, 2, 2), ''].join('\n')
}

function usageLines({ usage }: Subcommand): string[] {
  return wrap(usage.slice(PROGRAM.length + 1), 2, 6)
}

function wrap(text: string, first: number, next: number): string[] {
  const lines: string[] = []
  let line = ' '.repeat(first)
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === ''
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines.push(line)
      line = ' '.repeat(next) + word
    } else line += isEmpty ? word : ` ${word}`
  }
  return [...lines, line]
}

/** The versions of this program, of Node, and of the Dolt that it fetches. */
export function versionLine(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return `${PROGRAM} ${version} (Node ${process.versions.node}; fetches Dolt ${PINNED.version} where there is none)`
}
