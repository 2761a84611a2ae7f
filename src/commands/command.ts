import type { z } from 'zod'
import type { CommentRef } from '../domain/ids.ts'
import type { Imports } from '../domain/imports.ts'
import type { Account } from '../domain/rig.ts'
import type { CommandOutcome } from '../ops/metrics.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import type { SaidHead } from '../pull-requests/judged-head.ts'
import type { PullRequestSnapshot } from '../pull-requests/snapshot.ts'
import type { SignedMarkers } from '../replies/replier.ts'
import type { PullRequestTarget } from '../pull-requests/types.ts'
import type { SyncDeps } from '../pull-requests/sync-deps.ts'

/** Who did something, where and when: said a command, or put a label that does the same. */
export interface ActionContext {
  place: PullRequestTarget
  repository: RepositoryFacts
  author: Account
  /** ISO 8601, GitHub's time of the comment. */
  at: string
  delivery: string
}

/** Who said a command, where and when. */
export interface CommandContext extends ActionContext {
  on: 'issue' | 'pull request'
  /** The pull request as this command finds it, asked once; undefined on an issue, and where it is gone. */
  snapshot(): Promise<PullRequestSnapshot | undefined>
  comment: CommentRef
  /** The global id of the comment. */
  nodeId?: string | undefined
  /** The commit that a review, or a comment beside a line, is about, as GitHub says; other comments are about none. */
  saidOf?: SaidHead | undefined
  /** The command as it was written. */
  line?: string
  /** Words behind it that no option took. */
  prose?: readonly string[]
}

/**
 * What a command came to. `text` is said on the thread; without one a reaction is the answer. `isAgain`: it had run
 * before, and its first answer, which knew more, stays where it was said.
 */
export type CommandResult = { ok: true; text?: string; isAgain?: true } | { ok: false; text: string }

export interface CommandDeps extends SyncDeps {
  signedMarkers: SignedMarkers
  imports: Pick<Imports, 'request' | 'forget' | 'sheetOf'>
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

/** What a line names by these options. */
export interface IdsInLine {
  item?: string
  stamp?: string
  person?: string
  agent?: string
}

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
  refusedAnyway?(deps: CommandDeps, context: CommandContext, named: IdsInLine): Promise<string | undefined>
  /** Runs once for a command id; running again must find what the first did and answer the same. */
  run(deps: CommandDeps, context: CommandContext, args: z.output<T>, id: string): Promise<CommandResult>
}

/** Keeps a command's option types while the registry sees them all alike. */
export function command<T extends CommandOptions>(value: Command<T>): Command {
  return value
}
