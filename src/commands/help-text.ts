import { FILLED_IN, type Measure, SCALE } from '../domain/scale.ts'
import { quote } from '../replies/markdown.ts'
import { type Command, type Group, GROUPS } from './command.ts'
import { meantBy } from './parser/synonyms.ts'

/** The groups that have commands, each with its own in the order of the registry. */
function grouped(commands: readonly Command[]): { title: string; commands: Command[] }[] {
  return (Object.keys(GROUPS) as Group[])
    .map((group) => ({ title: GROUPS[group], commands: commands.filter((one) => one.group === group) }))
    .filter((group) => group.commands.length > 0)
}

/** Help on the command of a name or alias, or on a measure of a stamp; the list when there is none. */
export function helpOn(commands: readonly Command[], name: string | undefined): string {
  const asked = commands.find((known) => known.name === name || known.aliases?.includes(name ?? ''))
  if (asked !== undefined) return commandHelp(asked)
  if (name === undefined) return helpText(commands)
  const measures = /^(?:scale|scores?|numbers?)$/.test(name) ? SCALE : SCALE.filter((one) => one.name === name)
  if (measures.length > 0) return [...measures.map(measureHelp), FILLED_IN].join('\n\n')
  const takers = commands.filter(({ options, words }) => Object.hasOwn(options.shape, name) && !words.includes(name))
  if (takers.length > 0)
    return `${quote(`${name}=…`)} is an option of ${takers.map((one) => quote(`/wl ${one.name}`)).join(', ')}.\n\n${commandHelp(takers[0]!)}`
  const meant = meantBy(commands, name)
  const lines = meant !== undefined && 'lines' in meant ? meant.lines : []
  const near = lines.map((line) => quote(`/wl help ${line.split(' ')[0]}`)).join(' or ')
  const guess = near === '' ? '' : ` Did you mean ${near}?`
  return `There is no command ${quote(name)}.${guess}\n\n${helpText(commands)}`
}

function measureHelp({ name, tells, values, leftOut }: Measure): string {
  const rows = values.map(([value, means]) => `- \`${name}=${value}\` ${means}`)
  return `**${name}** ${tells}\n${rows.join('\n')}\n- left out: ${leftOut}`
}

/** A line a command, by what one wants to do: short enough for a phone. */
export function helpText(commands: readonly Command[]): string {
  return [
    '**Wasteland commands**, each on a line of its own:',
    ...grouped(commands).map(({ title, commands: some }) => `**${title}**\n${some.map(helpLine).join('\n')}`),
    'With options and an example: `/wl help stamp`. What the numbers mean: `/wl help quality`.',
    [
      '- It begins its line; options follow there or just below.',
      '- Behind words, in quotes or in code it does not run.',
      '- After a slip: edit your comment, or write a new one.',
    ].join('\n'),
  ].join('\n\n')
}

function helpLine({ usage, summary }: Command): string {
  return `- \`${usage.split(' ').slice(0, 2).join(' ')}\` ${summary}`
}

export function commandHelp({ usage, aliases = [], summary, who, examples, on, note }: Command): string {
  const where = on === 'both' ? 'issues and pull requests' : `${on}s`
  return [
    `**\`${usage}\`** ${summary}.`,
    ...(aliases.length === 0 ? [] : [`The same: ${aliases.map((name) => `\`/wl ${name}\``).join(', ')}.`]),
    `Who may: ${who}. Where: ${where}.`,
    ...(note === undefined ? [] : [note]),
    `Example: ${examples.map((line) => `\`${line}\``).join(', ')}`,
  ].join('\n\n')
}
