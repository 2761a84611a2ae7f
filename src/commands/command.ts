import type { z } from 'zod'
import type { CommandOutcome } from '../ops/metrics.ts'
import type { CommandContext, CommandResult, IdsInLine, ServiceDeps } from '../services/context.ts'
import type { Services } from '../services/services.ts'

export interface CommandDeps extends ServiceDeps {
  services: Services
  /** Called when a command of a comment was run, or read and refused. */
  ran(command: string, result: CommandOutcome): void
}

/** What people want to do, in the order in which help asks: each command is listed under one of these. */
export const GROUPS = {
  look: 'Look around',
  work: 'Do work',
  offer: 'Offer work',
  judge: 'Judge work',
  you: 'About you',
  trust: 'Trust',
} as const
export type Group = keyof typeof GROUPS

/** One option or word of a command, as its schema reads the text given. */
export type CommandOptions = z.ZodObject<Record<string, z.ZodType>>

/**
 * One slash command. Parser, `/wl help`, README and tests read this value; each lives in a file of its own name.
 * `words` names the options that may also stand bare, in order.
 */
export interface Command<T extends CommandOptions = CommandOptions> {
  name: string
  /** Other names that do the same. */
  aliases?: readonly string[]
  /** Where help lists it. */
  group: Group
  usage: string
  /** At most 60 characters: help shows it on a phone. */
  summary: string
  who: string
  /** What help says besides: what is filled in, what cannot be undone. */
  note?: string
  examples: readonly [string, ...string[]]
  on: 'issue' | 'pull request' | 'both'
  options: T
  words: readonly string[]
  /** The option that a quoted text without a name is for. */
  text?: string
  /** Nobody gives it for somebody else. */
  isForOneself?: true
  /** Words without quotes are surely meant for it too, and are refused with the quotes put in. */
  isTextMeant?: true
  /** The option that a number without a name is for. */
  number?: string
  /** The option that a single word without a name is for, where nothing else takes it. */
  loose?: string
  /**
   * Why such a command is refused here whatever its options, for who speaks or for the state of the item; undefined where
   * it might not be. A line that cannot be read is answered with this: a right one would be refused all the same.
   * `named`: what was read in the line of that.
   */
  refusedAnyway?(services: Services, context: CommandContext, named: IdsInLine): Promise<string | undefined>
  /** Runs once for a command id; running again must find what the first did and answer the same. */
  run(services: Services, context: CommandContext, args: z.output<T>, id: string): Promise<CommandResult>
}

/** Keeps a command's option types while the registry sees them all alike. */
export function command<T extends CommandOptions>(value: Command<T>): Command {
  return value
}
