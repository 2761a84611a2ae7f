import { commandLine } from './command-line.ts'
import { fence } from './markdown.ts'

/** What was said that a command is about, and goes into the line that confirms it: so that it hits nothing else. */
interface ConfirmationContext {
  item?: string
  reason?: string | undefined
}

/** The line that is run, ready to copy. */
export function confirmedLine(name: string, { item, reason }: ConfirmationContext = {}): string {
  const parts = [commandLine(name), ...(item === undefined ? [] : [item]), 'confirm']
  if (reason !== undefined) parts.push(`reason="${reason.replace(/["\\]/g, String.raw`\$&`)}"`)
  return parts.join(' ')
}

/**
 * The question before something final: nothing final is done by one bare word. `will`: what would happen, in a sentence;
 * `also`: what may be meant instead, and what comes after.
 */
export function askToConfirm(will: string, line: string, also: readonly string[] = []): string {
  return [`Nothing is done yet. ${will}`, `To go on, write this in a new comment:\n\n${fence([line])}`, ...also].join(
    '\n\n',
  )
}
