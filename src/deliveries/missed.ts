import type { Settings } from '../authorization/settings.ts'
import type { KnownRepository, RepositoryRef } from '../domain/refs.ts'
import type { EventDeps } from '../events/event.ts'
import type { ForgeEvent } from '../events/forge-event.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import type { Queue } from '../operations/queue/queue.ts'
import type { ReplyFinder } from '../replies/replier.ts'

/** What a comparison of GitHub with the ledger needs, and where it leaves the work that it finds. */
export interface ReconcileDeps extends Pick<
  EventDeps,
  'host' | 'ledger' | 'store' | 'checkAdmission' | 'installation' | 'identity' | 'revert'
> {
  queue: Pick<Queue<never>, 'knows'>
  repliedAt: ReplyFinder
  /** Puts what no delivery told into the queue. `isAnswered`: it may have been worked on. */
  put(event: ForgeEvent, isAnswered: boolean): Promise<void>
  revisit(at: Revisit): Promise<void>
  now(): Date
}

/** A pull request to look at again. `released`: items that it held by the ledger, should our own note of it be lost. */
export type Revisit = PullRequestPlace & { released?: readonly string[] }

/** A repository that we serve, as it is now. */
export interface Served extends RepositoryRef {
  repository: RepositoryFacts
  settings: Settings
}

/** A command that we do not run by ourselves. */
export interface ForPerson {
  why: 'old' | 'edited by another' | 'edit unknown'
  url: string
  login: string
  /** As it was written, or what else was done. */
  line: string
  at: Date
}

/** How far back commands are looked for the first time, and how old one may be that runs. */
export const COMMANDS_MS = 7 * 24 * 3_600_000

/** True of what is too old to be run without a person. */
export function isOld(deps: Pick<ReconcileDeps, 'now'>, at: string): boolean {
  return Date.parse(at) < deps.now().getTime() - COMMANDS_MS
}

/** A repository as events name it. */
export function refOf({ installation, owner, repo, repository }: Served): KnownRepository {
  return { installation, id: repository.id, owner, repo }
}
