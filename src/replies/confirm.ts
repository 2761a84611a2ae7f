import { commandLine } from './command-line.ts'
import { fence } from './markdown.ts'

/** The item and the reason of a command. They go into the line that confirms it, so that it affects nothing else. */
interface ConfirmationContext {
  item?: string
  reason?: string | undefined
}

/** The line that runs the command, ready to copy. */
export function confirmedLine(name: string, { item, reason }: ConfirmationContext = {}): string {
  const parts = [commandLine(name), ...(item === undefined ? [] : [item]), 'confirm']
  if (reason !== undefined) parts.push(`reason="${reason.replace(/["\\]/g, String.raw`\$&`)}"`)
  return parts.join(' ')
}

/**
 * The question before a final action, because one bare word does nothing final. `will`: a sentence on what would
 * happen; `also`: sentences on what may be meant instead, and on what comes after.
 */
export function askToConfirm(will: string, line: string, also: readonly string[] = []): string {
  return [`Nothing is done yet. ${will}`, `To go on, write this in a new comment:\n\n${fence([line])}`, ...also].join(
    '\n\n',
  )
}
