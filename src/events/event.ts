import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import type { KnownRepository } from '../domain/refs.ts'
import { type Account, readAccountType } from '../domain/rig.ts'
import type { PullRequestPlace } from '../operations/tables/pull-request-items.ts'
import type { RepositoryPlace } from '../operations/tables/repository-names.ts'
import type { CommandDeps } from '../commands/command.ts'
import type { ForgeEvent } from './forge-event.ts'

export interface EventDeps extends CommandDeps {
  /** Invalidates the cached permissions of a repository, or of all. */
  invalidate(repositoryId?: number): Promise<void>
  /** Enqueues a refresh for an event that comes in bursts: it starts a second later, and covers the whole burst. */
  revisitCoalesced(item: PullRequestPlace): Promise<void>
  /** Enqueues a comparison of a repository, or of all of an installation, with the ledger: once for each `why`. */
  reconcile(at: ReconcileAt, why: readonly (string | number | boolean)[]): Promise<void>
}

/**
 * The repository or installation to compare with the ledger. `whole`: also what GitHub's lists do not show as changed.
 */
export type ReconcileAt = (RepositoryPlace & { whole?: boolean }) | { installation_id: number }

/** The event as a payload has it; `readDelivery` adds the version, the GUID of the delivery and the name. */
export type Told<T extends ForgeEvent> = T extends ForgeEvent ? Omit<T, 'v' | 'delivery' | 'name'> : never

/** One of GitHub's webhook events, and how its payload is read. Each has a file of its own name. */
export interface Webhook<T extends ForgeEvent = ForgeEvent> {
  name: string
  /** The actions that are handled; empty for an event without actions. */
  actions: readonly string[]
  /** Reads the fields that are used, and ignores all others. Throws UserError where a required field is missing. */
  read(payload: unknown): Told<T>
}

/** The handler of events of one type. */
export interface EventHandler<T extends ForgeEvent = ForgeEvent> {
  /** The key of the job: events with the same key are handled in order, others concurrently. */
  key(event: Told<T>): string
  /** Runs as soon as the event is received, before it is stored. */
  notice?(deps: Pick<EventDeps, 'invalidate'>, event: Told<T>): Promise<void>
  handle(deps: EventDeps, event: T): Promise<void>
}

export const Sender = z.object({ id: z.number(), login: z.string(), type: z.string().optional() })

export const Repository = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.object({ id: z.number(), login: z.string() }),
})

/** The fields that every event of a repository has. */
export const Envelope = z.object({
  action: z.string(),
  repository: Repository,
  sender: Sender,
  installation: z.object({ id: z.number() }),
})

/** The fields of an event that may be an edit: with the text before. */
export const Edited = Envelope.extend({
  changes: z.object({ body: z.object({ from: z.string().nullish() }).nullish() }).nullish(),
})

/** The text before an edit; the same text where the edit did not touch it. Undefined for a text that is not edited. */
export function textBefore({ action, changes }: z.output<typeof Edited>, text: string): string | undefined {
  return action === 'edited' ? (changes?.body?.from ?? text) : undefined
}

/** Payload that events of both kinds of comments share: in a conversation, and beside a line of code. */
export const CommentPayload = Edited.extend({
  comment: z.object({
    id: z.number(),
    node_id: z.string().optional(),
    body: z.string().nullish(),
    user: Sender.nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
})

/** The author, text and times of a comment, as our events have them. */
export function readComment(payload: z.output<typeof CommentPayload>) {
  const { action, comment } = payload
  const text = comment.body ?? ''
  return {
    nodeId: comment.node_id,
    author: comment.user === null ? undefined : toAccount(comment.user),
    text,
    before: textBefore(payload, text),
    at: action === 'edited' ? comment.updated_at : comment.created_at,
    textAt: comment.updated_at,
  }
}

/**
 * Reads a payload. Throws UserError where a required field is missing: the fault is not ours, and the job is not
 * retried.
 */
export function readPayload<T extends z.ZodType>(shape: T, payload: unknown): z.output<T> {
  const read = shape.safeParse(payload)
  if (read.success) return read.data
  const where = read.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new UserError(`The payload is not as GitHub documents it: ${where.slice(0, 200)}.`)
}

type Place = Pick<z.output<typeof Envelope>, 'repository' | 'installation'>

/** The installation and the repository of an event. */
export function placeIn({ repository, installation }: Place): { installation: number; repository: KnownRepository } {
  const { id, name: repo, owner } = repository
  return { installation: installation.id, repository: { installation: installation.id, id, owner: owner.login, repo } }
}

/** The installation and the repository of an event, and the account that caused it. */
export function happenedIn(envelope: Omit<z.output<typeof Envelope>, 'action'>) {
  return { ...placeIn(envelope), by: toAccount(envelope.sender) }
}

export function toAccount(sender: z.output<typeof Sender>): Account {
  return { id: sender.id, login: sender.login, type: readAccountType(sender.type) }
}

/** The job key of a pull request or an issue. */
export function threadKey(repository: KnownRepository, number: number): string {
  return `${repository.id}/${number}`
}

/** The job key of the other events of a repository. */
export function repositoryKey({ repository }: { repository: KnownRepository }): string {
  return `${repository.id}/repository`
}

/** The job key of the checks of a repository. It is no key of a pull request, because that is not known yet. */
export function checksKey({ repository }: { repository: KnownRepository }): string {
  return `${repository.id}/checks`
}
