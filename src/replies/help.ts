import type { Measure } from '../domain/scale.ts'
import { commandLine } from './command-line.ts'
import { quote } from './markdown.ts'

/** The fields of a command that help shows. */
interface HelpedCommand {
  usage: string
  aliases?: readonly string[]
  summary: string
  who: string
  note?: string
  examples: readonly string[]
  on: string
}

/** The help on one command. */
export function commandHelp({ usage, aliases = [], summary, who, examples, on, note }: HelpedCommand): string {
  const where = on === 'both' ? 'issues and pull requests' : `${on}s`
  return [
    `**\`${usage}\`** ${summary}.`,
    ...(aliases.length === 0 ? [] : [`The same: ${aliases.map((name) => `\`/wl ${name}\``).join(', ')}.`]),
    `Who may: ${who}. Where: ${where}.`,
    ...(note === undefined ? [] : [note]),
    `Example: ${examples.map((line) => `\`${line}\``).join(', ')}`,
  ].join('\n\n')
}

/** The list of commands, grouped by what one wants to do, a line each. It is short enough for a phone. */
export function commandList(
  groups: readonly { title: string; commands: readonly Pick<HelpedCommand, 'usage' | 'summary'>[] }[],
): string {
  return [
    '**Wasteland commands**, each on a line of its own:',
    ...groups.map(({ title, commands }) => `**${title}**\n${commands.map(helpLine).join('\n')}`),
    'With options and an example: `/wl help stamp`. What the numbers mean: `/wl help quality`.',
    [
      '- It begins its line; options follow there or just below.',
      '- Behind words, in quotes or in code it does not run.',
      '- After a slip: edit your comment, or write a new one.',
    ].join('\n'),
  ].join('\n\n')
}

function helpLine({ usage, summary }: Pick<HelpedCommand, 'usage' | 'summary'>): string {
  return `- \`${usage.split(' ').slice(0, 2).join(' ')}\` ${summary}`
}

/** The help on a measure of a stamp: what it tells, and what each value of it means. */
export function measureHelp({ name, tells, values, leftOut }: Measure): string {
  const rows = values.map(([value, means]) => `- \`${name}=${value}\` ${means}`)
  return `**${name}** ${tells}\n${rows.join('\n')}\n- left out: ${leftOut}`
}

/** The sentence before the help on a command that takes an option of this name. `commands`: all that take it. */
export function isOptionOf(name: string, commands: readonly string[]): string {
  return `${quote(`${name}=…`)} is an option of ${commands.map((one) => quote(commandLine(one))).join(', ')}.`
}

/** The sentence before the list, where no command has this name. `near`: the commands that may be meant. */
export function noSuchCommand(name: string, near: readonly string[]): string {
  const meant = near.map((one) => quote(commandLine(`help ${one}`))).join(' or ')
  return `There is no command ${quote(name)}.${meant === '' ? '' : ` Did you mean ${meant}?`}`
}
