import { quote } from '../replies/markdown.ts'
import type { Answer, Command } from './command.ts'

/** An answer that also names the words which people may take for kept, such as praise behind a stamp's numbers. */
export function withUnkept(
  answer: Answer,
  { command, args, unkept }: { command: Command; args: Readonly<Record<string, unknown>>; unkept?: string | undefined },
): Answer {
  const key = command.text
  if (!answer.ok || unkept === undefined || key === undefined) return answer
  const how =
    args[key] === undefined
      ? `words are kept where they stand in quotes, as \`${key}="…"\``
      : `only what stands in the quotes of \`${key}\` is kept`
  const said = `Not kept: ${quote(unkept)}; ${how}.`
  return { ok: true, text: answer.text === undefined ? `Done. ${said}` : `${answer.text}\n\n${said}` }
}
