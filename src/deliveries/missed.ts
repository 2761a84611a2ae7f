import type { Settings } from '../authorization/settings.ts'
import type { KnownRepository, RepositoryRef } from '../domain/refs.ts'
import type { EventDeps } from '../events/event.ts'
import type { ForgeEvent } from '../events/forge-event.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import type { Queue } from '../operations/queue/queue.ts'
import type { ReplyFinder } from '../replies/replier.ts'

/** Dependencies of a comparison of GitHub with the ledger, and where it enqueues the work that it finds. */
export interface ReconcileDeps extends Pick<
  EventDeps,
  'host' | 'ledger' | 'store' | 'checkAdmission' | 'installation' | 'identity' | 'revert'
> {
  queue: Pick<Queue<never>, 'knows'>
  repliedAt: ReplyFinder
  /** Enqueues an event that no delivery brought. `isAnswered`: it may have been handled already. */
  put(event: ForgeEvent, isAnswered: boolean): Promise<void>
  revisit(at: Revisit): Promise<void>
  now(): Date
}

/** A pull request to refresh. `released`: items that it held by the ledger, in case our rows of it are lost. */
export type Revisit = PullRequestPlace & { released?: readonly string[] }

/** A repository that we serve, and its settings, as they are now. */
export interface Served extends RepositoryRef {
  repository: RepositoryFacts
  settings: Settings
}

/** A command that is left for a person, and not run by us. */
export interface ForPerson {
  why: 'old' | 'edited by another' | 'edit unknown'
  url: string
  login: string
  /** The command as it was written, or the label that was put on. */
  line: string
  at: Date
}

/**
 * Milliseconds: how far back the first comparison looks for commands, and how old a command may be that runs without a
 * person.
 */
export const COMMANDS_MS = 7 * 24 * 3_600_000

/** True for a time too long ago for a command to be run without a person. */
export function isOld(deps: Pick<ReconcileDeps, 'now'>, at: string): boolean {
  return Date.parse(at) < deps.now().getTime() - COMMANDS_MS
}

/** Milliseconds in which GitHub delivers an event; less than the overlap of two comparisons. */
const DELIVERED_MS = 60_000

/** True for a time so recent that its event may be on its way to us. */
export function isUnderWay(deps: Pick<ReconcileDeps, 'now'>, at: string): boolean {
  return Date.parse(at) > deps.now().getTime() - DELIVERED_MS
}

/** The repository as events name it. */
export function servedRepository({ installation, owner, repo, repository }: Served): KnownRepository {
  return { installation, id: repository.id, owner, repo }
}
