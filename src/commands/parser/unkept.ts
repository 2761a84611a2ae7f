import { comments, howKept } from '../../replies/comments.ts'
import type { Command } from '../command.ts'
import type { CommandResult } from '../../services/context.ts'

/** Adds to an answer the words that people may take for stored, such as praise behind a stamp's numbers. */
export function withUnkept(
  answer: CommandResult,
  { command, args, unkept }: { command: Command; args: Readonly<Record<string, unknown>>; unkept?: string | undefined },
): CommandResult {
  if (!answer.ok || unkept === undefined || command.group === 'look') return answer
  const { name, text } = command
  const how = howKept(name, { text, isGiven: text !== undefined && args[text] !== undefined })
  return { ...answer, text: comments.withUnkept(answer.text, unkept, how) }
}
