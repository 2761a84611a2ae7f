import { quote } from '../../replies/markdown.ts'
import type { Command } from '../command.ts'
import type { CommandResult } from '../../services/context.ts'

/** An answer that also names the words which people may take for kept, such as praise behind a stamp's numbers. */
export function withUnkept(
  answer: CommandResult,
  { command, args, unkept }: { command: Command; args: Readonly<Record<string, unknown>>; unkept?: string | undefined },
): CommandResult {
  if (!answer.ok || unkept === undefined || command.group === 'look') return answer
  const said = `Not kept: ${quote(unkept)}; ${howKept(command, args)}.`
  return { ...answer, text: answer.text === undefined ? `Done. ${said}` : `${answer.text}\n\n${said}` }
}

function howKept({ name, text: key }: Command, args: Readonly<Record<string, unknown>>): string {
  if (key === undefined) return `${quote(name)} keeps no words`
  const how =
    args[key] === undefined
      ? `words are kept where they stand in quotes, as \`${key}="…"\``
      : `only what stands in the quotes of \`${key}\` is kept`
  return name === 'stamp'
    ? `${how}. If they change what you meant, \`/wl undo\` takes the stamp back within a day`
    : how
}
