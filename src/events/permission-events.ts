import { z } from 'zod'
import { DEFAULTS_REPOSITORY } from '../authorization/settings-file.ts'
import {
  type EventDeps,
  type EventHandler,
  placeIn,
  readPayload,
  Repository,
  Sender,
  toAccount,
  type Told,
  type Webhook,
} from './event.ts'
import type { ForgeEvent, PermissionsEvent } from './forge-event.ts'

/** The fields that are read of every event that changes permissions. */
const Scope = z.object({
  repository: Repository.optional().catch(undefined),
  organization: z.object({ id: z.number() }).optional(),
  installation: z.object({ id: z.number() }).optional(),
  sender: Sender.optional().catch(undefined),
})

/** The repository, organization and installation whose permissions an event changes, and the account that caused it. */
export function readScope(payload: unknown): Omit<Told<PermissionsEvent>, 'type'> {
  const { repository, organization, installation, sender } = readPayload(Scope, payload)
  return {
    installation: installation?.id,
    organizationId: organization?.id,
    by: sender && toAccount(sender),
    repository: repository && installation && placeIn({ repository, installation }).repository,
  }
}

/** A webhook event that changes permissions, and of which nothing else is read. */
export function permissionsWebhook(name: string, actions: Webhook['actions']): Webhook<PermissionsEvent> {
  return { name, actions, read: (payload) => ({ type: 'permissions', ...readScope(payload) }) }
}

/**
 * Invalidates the cache of permissions as soon as the event is received, so that no later command is judged by old
 * permissions. Does so again when the job runs, for an event that another process received.
 */
export const onPermissions: EventHandler<PermissionsEvent> = {
  key: scopeKey,
  notice: invalidatePermissions,
  handle: invalidatePermissions,
}

type Scoped = Pick<ForgeEvent, 'repository'>

/**
 * Invalidates the cached permissions of one repository; of all repositories for an event of a team or an organization.
 */
export async function invalidatePermissions(
  deps: Pick<EventDeps, 'invalidate'>,
  { repository }: Scoped,
): Promise<void> {
  // This repository has the default settings of its organization.
  const isShared = repository === undefined || repository.repo.toLowerCase() === DEFAULTS_REPOSITORY
  await deps.invalidate(isShared ? undefined : repository.id)
}

/** The job key of events about a repository, an organization or an installation. */
export function scopeKey({
  repository,
  organizationId,
  installation,
}: Pick<PermissionsEvent, 'repository' | 'organizationId' | 'installation'>): string {
  if (repository !== undefined) return `${repository.id}/repository`
  if (organizationId !== undefined) return `${organizationId}/organization`
  return installation === undefined ? 'unreadable' : `${installation}/installation`
}
