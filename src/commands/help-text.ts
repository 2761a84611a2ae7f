import { quote } from '../replies/markdown.ts'
import { type Command, type Group, GROUPS } from './command.ts'

/** The groups that have commands, each with its own in the order of the registry. */
function grouped(commands: readonly Command[]): { title: string; commands: Command[] }[] {
  return (Object.keys(GROUPS) as Group[])
    .map((group) => ({ title: GROUPS[group], commands: commands.filter((one) => one.group === group) }))
    .filter((group) => group.commands.length > 0)
}

/** Help on the command of a name or alias; the list when there is none. */
export function helpOn(commands: readonly Command[], name: string | undefined): string {
  const asked = commands.find((known) => known.name === name || known.aliases?.includes(name ?? ''))
  if (asked !== undefined) return commandHelp(asked)
  return name === undefined ? helpText(commands) : `There is no command ${quote(name)}.\n\n${helpText(commands)}`
}

/** A line a command, by what one wants to do: short enough for a phone. */
export function helpText(commands: readonly Command[]): string {
  return [
    '**Wasteland commands**, each on a line of its own:',
    ...grouped(commands).map(({ title, commands: some }) => `**${title}**\n${some.map(helpLine).join('\n')}`),
    'With options and an example: `/wl help stamp`.',
  ].join('\n\n')
}

function helpLine({ usage, summary }: Command): string {
  return `- \`${usage.split(' ').slice(0, 2).join(' ')}\` ${summary}`
}

export function commandHelp({ usage, aliases = [], summary, who, examples, on }: Command): string {
  const where = on === 'both' ? 'issues and pull requests' : `${on}s`
  return [
    `**\`${usage}\`** ${summary}.`,
    ...(aliases.length === 0 ? [] : [`The same: ${aliases.map((name) => `\`/wl ${name}\``).join(', ')}.`]),
    `Who may: ${who}. Where: ${where}.`,
    `Example: ${examples.map((line) => `\`${line}\``).join(', ')}`,
  ].join('\n\n')
}
