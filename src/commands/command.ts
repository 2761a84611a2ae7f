import type { z } from 'zod'
import type { CommandOutcome } from '../ops/metrics.ts'
import type { CommandContext, CommandResult, IdsInLine, ServiceDeps } from '../services/context.ts'
import type { Services } from '../services/services.ts'

export interface CommandDeps extends ServiceDeps {
  services: Services
  /** Called when a command of a comment was run, or read and refused. */
  ran(command: string, result: CommandOutcome): void
}

/** The purposes under which help lists the commands, in help's order; each command has one. */
export const GROUPS = {
  look: 'Look around',
  work: 'Do work',
  offer: 'Offer work',
  judge: 'Judge work',
  you: 'About you',
  trust: 'Trust',
} as const
export type Group = keyof typeof GROUPS

/** The schema of a command's options and words: each entry reads the text that was given for it. */
export type CommandOptions = z.ZodObject<Record<string, z.ZodType>>

/**
 * One slash command, in a file of its own name. The parser, `/wl help`, README and the tests read this value. `words`:
 * the options that may also be written without their names, in this order.
 */
export interface Command<T extends CommandOptions = CommandOptions> {
  name: string
  /** Other names that do the same. */
  aliases?: readonly string[]
  /** The group in which help lists it. */
  group: Group
  usage: string
  /** At most 60 characters: help shows it on a phone. */
  summary: string
  who: string
  /** Further text of its help: what is filled in, what cannot be undone. */
  note?: string
  examples: readonly [string, ...string[]]
  on: 'issue' | 'pull request' | 'both'
  options: T
  words: readonly string[]
  /** The option that a quoted text without a name is for. */
  text?: string
  /** True where nobody can give the command for somebody else. */
  isForOneself?: true
  /**
   * True where words without quotes are surely meant for `text` too. They are refused, with a line in which they are
   * quoted.
   */
  isTextMeant?: true
  /** The option that a number without a name is for. */
  number?: string
  /** The option that a single word without a name is for, where nothing else takes it. */
  loose?: string
  /**
   * The reason why the command is refused here whatever its options, because of its author or of the item's state;
   * undefined where it might not be. This is the answer to a line that cannot be read, for a correct line would be
   * refused all the same. `named`: the ids and names that were read in the line.
   */
  refusedAnyway?(services: Services, context: CommandContext, named: IdsInLine): Promise<string | undefined>
  /** Runs the command. It is idempotent by `id`: a second run must find what the first did, and answer the same. */
  run(services: Services, context: CommandContext, args: z.output<T>, id: string): Promise<CommandResult>
}

/** Checks a command against the types of its own options, and returns it with the common type of the registry. */
export function command<T extends CommandOptions>(value: Command<T>): Command {
  return value
}
