import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import type { KnownRepository } from '../domain/refs.ts'
import { type Account, readAccountType } from '../domain/rig.ts'
import type { RepositoryPlace } from '../operations/tables/repository-names.ts'
import type { CommandDeps } from '../commands/command.ts'
import type { ForgeEvent } from './forge-event.ts'

export interface EventDeps extends CommandDeps {
  /** Invalidates the cached permissions of a repository, or of all. */
  invalidate(repositoryId?: number): Promise<void>
  /** Compares a repository, or all of an installation, with the ledger soon; for the same reason once. */
  reconcile(at: ReconcileAt, why: readonly (string | number | boolean)[]): Promise<void>
}

/** Where GitHub is to be compared with the ledger. `whole`: also what it does not say has changed. */
export type ReconcileAt = (RepositoryPlace & { whole?: boolean }) | { installation_id: number }

/** What a payload tells; `read.ts` adds of which delivery. */
export type Told<T extends ForgeEvent> = T extends ForgeEvent ? Omit<T, 'v' | 'delivery' | 'name'> : never

/** One of GitHub's events, as we read it. Each lives in a file of its own name. */
export interface Webhook<T extends ForgeEvent = ForgeEvent> {
  name: string
  /** Empty for an event that has none. */
  actions: readonly string[]
  /** Payloads are read permissively, and only the fields used. Throws UserError for one that lacks what it must have. */
  read(payload: unknown): Told<T>
}

/** What we do about an event of one type. */
export interface EventHandler<T extends ForgeEvent = ForgeEvent> {
  /** Events of one key are worked on in order, others beside them. */
  key(event: Told<T>): string
  /** Done at once when it is received, before it is stored. */
  notice?(deps: Pick<EventDeps, 'invalidate'>, event: Told<T>): Promise<void>
  handle(deps: EventDeps, event: T): Promise<void>
}

export const Sender = z.object({ id: z.number(), login: z.string(), type: z.string().optional() })

export const Repository = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.object({ id: z.number(), login: z.string() }),
})

/** What every event of a repository carries. */
export const Envelope = z.object({
  action: z.string(),
  repository: Repository,
  sender: Sender,
  installation: z.object({ id: z.number() }),
})

/** What an `edited` event adds: the text before. */
export const Edited = Envelope.extend({
  changes: z.object({ body: z.object({ from: z.string().nullish() }).nullish() }).nullish(),
})

/** The text before an edit; one that did not touch it had the same. Undefined for what was written just now. */
export function textBefore({ action, changes }: z.output<typeof Edited>, text: string): string | undefined {
  return action === 'edited' ? (changes?.body?.from ?? text) : undefined
}

/** Reads a payload; one that lacks what its kind must have is told from our own faults, and not tried again. */
export function readPayload<T extends z.ZodType>(shape: T, payload: unknown): z.output<T> {
  const read = shape.safeParse(payload)
  if (read.success) return read.data
  const where = read.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new UserError(`The payload is not as GitHub documents it: ${where.slice(0, 200)}.`)
}

type Place = Pick<z.output<typeof Envelope>, 'repository' | 'installation'>

/** Where something happened. */
export function placeIn({ repository, installation }: Place): { installation: number; repository: KnownRepository } {
  const { id, name: repo, owner } = repository
  return { installation: installation.id, repository: { installation: installation.id, id, owner: owner.login, repo } }
}

/** Where something happened, and by whom. */
export function happenedIn(envelope: Omit<z.output<typeof Envelope>, 'action'>) {
  return { ...placeIn(envelope), by: toAccount(envelope.sender) }
}

export function toAccount(sender: z.output<typeof Sender>): Account {
  return { id: sender.id, login: sender.login, type: readAccountType(sender.type) }
}

/** Who did it, as a Dolt commit's trailer has it. */
export function senderOf({ login, id }: Account): string {
  return `${login} ${id}`
}

/** The line of a pull request or an issue. */
export function threadKey(repository: KnownRepository, number: number): string {
  return `${repository.id}/${number}`
}

/** The line of what is about a repository. */
export function repositoryKey({ repository }: { repository: KnownRepository }): string {
  return `${repository.id}/repository`
}

/** No line of a pull request's: which one it is about is not known yet. */
export function checksKey({ repository }: { repository: KnownRepository }): string {
  return `${repository.id}/checks`
}
