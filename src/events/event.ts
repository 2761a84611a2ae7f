import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { type Account, readAccountType } from '../domain/rig.ts'
import type { RepositoryPlace } from '../operations/tables/repository-names.ts'
import type { CommandDeps } from '../commands/command.ts'

export interface EventDeps extends CommandDeps {
  /** Invalidates the cached permissions of a repository, or of all. */
  invalidate(repositoryId?: number): Promise<void>
  /** Compares a repository, or all of an installation, with the ledger soon; for the same reason once. */
  reconcile(at: ReconcileAt, why: readonly (string | number | boolean)[]): Promise<void>
}

/** Where GitHub is to be compared with the ledger. `whole`: also what it does not say has changed. */
export type ReconcileAt = (RepositoryPlace & { whole?: boolean }) | { installation_id: number }

/** A webhook as the queue hands it over. */
export interface Received {
  delivery: string
  payload: unknown
}

/**
 * What we do about one of GitHub's events. Each lives in a file of its own name. Payloads are read permissively,
 * and only the fields used.
 */
export interface Event {
  name: string
  /** Empty for an event that has none. */
  actions: readonly string[]
  /** Deliveries of one key are worked on in order, others beside them. */
  key(payload: unknown): string
  /** Done at once when it is received, before it is stored. The payload may be anything. */
  notice?(deps: Pick<EventDeps, 'invalidate'>, payload: unknown): Promise<void>
  handle(deps: EventDeps, received: Received): Promise<void>
}

export const Sender = z.object({ id: z.number(), login: z.string(), type: z.string().optional() })

export const Repository = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.object({ id: z.number(), login: z.string() }),
})

/** What every event of ours carries. */
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
export function readPayload<T extends z.ZodType>(shape: T, { payload }: Pick<Received, 'payload'>): z.output<T> {
  const read = shape.safeParse(payload)
  if (read.success) return read.data
  const where = read.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new UserError(`The payload is not as GitHub documents it: ${where.slice(0, 200)}.`)
}

export function toAccount(sender: z.output<typeof Sender>): Account {
  return { id: sender.id, login: sender.login, type: readAccountType(sender.type) }
}

export function nameOf(repository: z.output<typeof Repository>): { owner: string; repo: string } {
  return { owner: repository.owner.login, repo: repository.name }
}

const Thread = z.object({
  repository: z.object({ id: z.number() }),
  pull_request: z.object({ number: z.number() }).optional(),
  issue: z.object({ number: z.number() }).optional(),
})

/** The line of a pull request or issue; an unreadable payload has one of its own, for it is no part of any. */
export function threadKey(payload: unknown): string {
  const read = Thread.safeParse(payload)
  if (!read.success) return 'unreadable'
  const { repository, pull_request, issue } = read.data
  return `${repository.id}/${pull_request?.number ?? issue?.number ?? 'repository'}`
}
