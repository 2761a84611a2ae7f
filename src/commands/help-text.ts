import { FILLED_IN, SCALE } from '../domain/scale.ts'
import { commandHelp, commandList, isOptionOf, measureHelp, noSuchCommand } from '../replies/help.ts'
import { type Command, type Group, GROUPS } from './command.ts'
import { meantBy } from './parser/synonyms.ts'

/** The groups that have commands, each with its commands in the order of the registry. */
function grouped(commands: readonly Command[]): { title: string; commands: Command[] }[] {
  return (Object.keys(GROUPS) as Group[])
    .map((group) => ({ title: GROUPS[group], commands: commands.filter((one) => one.group === group) }))
    .filter((group) => group.commands.length > 0)
}

/**
 * The help on a command by name or alias, or on a measure of a stamp; without a name, or with an unknown one, the list.
 */
export function helpOn(commands: readonly Command[], name: string | undefined): string {
  const asked = commands.find((known) => known.name === name || known.aliases?.includes(name ?? ''))
  if (asked !== undefined) return commandHelp(asked)
  if (name === undefined) return helpText(commands)
  const measures = /^(?:scale|scores?|numbers?)$/.test(name) ? SCALE : SCALE.filter((one) => one.name === name)
  if (measures.length > 0) return [...measures.map(measureHelp), FILLED_IN].join('\n\n')
  const takers = commands.filter(({ options, words }) => Object.hasOwn(options.shape, name) && !words.includes(name))
  if (takers.length > 0) {
    const names = takers.map((one) => one.name)
    return [isOptionOf(name, names), commandHelp(takers[0]!)].join('\n\n')
  }
  const meant = meantBy(commands, name)
  const lines = meant !== undefined && 'lines' in meant ? meant.lines : []
  const near = lines.map((line) => line.split(' ')[0]!)
  return [noSuchCommand(name, near), helpText(commands)].join('\n\n')
}

/** The list of all commands, a line each. */
export function helpText(commands: readonly Command[]): string {
  return commandList(grouped(commands))
}
