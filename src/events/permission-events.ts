import { z } from 'zod'
import { DEFAULTS_REPOSITORY } from '../authorization/settings-file.ts'
import {
  type EventDeps,
  type EventHandler,
  readPayload,
  Repository,
  Sender,
  toAccount,
  type Told,
  type Webhook,
} from './event.ts'
import type { ForgeEvent, PermissionsEvent } from './forge-event.ts'

/** Whatever the event names, these are all that is read of it. */
const Scope = z.object({
  repository: Repository.optional().catch(undefined),
  organization: z.object({ id: z.number() }).optional(),
  installation: z.object({ id: z.number() }).optional(),
  sender: Sender.optional().catch(undefined),
})

/** What an event that changes who may do what is about. */
export function readScope(payload: unknown): Omit<Told<PermissionsEvent>, 'type'> {
  const { repository, organization, installation, sender } = readPayload(Scope, payload)
  return {
    installation: installation?.id,
    organizationId: organization?.id,
    by: sender && toAccount(sender),
    repository: repository &&
      installation && {
        installation: installation.id,
        id: repository.id,
        owner: repository.owner.login,
        repo: repository.name,
      },
  }
}

/** An event of which nothing is read but whose permissions it changes. */
export function permissionsWebhook(name: string, actions: Webhook['actions']): Webhook<PermissionsEvent> {
  return { name, actions, read: (payload) => ({ type: 'permissions', ...readScope(payload) }) }
}

/**
 * What we remember of who may do what is dropped as soon as the event is received, so that nothing said after it is
 * judged by what was before; and again in its turn, for a delivery that another process received.
 */
export const onPermissions: EventHandler<PermissionsEvent> = {
  key: scopeKey,
  notice: invalidatePermissions,
  handle: invalidatePermissions,
}

type Scoped = Pick<ForgeEvent, 'repository'>

/** What belongs to one repository is dropped for it alone; teams and organizations reach many. */
export async function invalidatePermissions(
  deps: Pick<EventDeps, 'invalidate'>,
  { repository }: Scoped,
): Promise<void> {
  // The organization's default settings lie in this one.
  const isShared = repository === undefined || repository.repo.toLowerCase() === DEFAULTS_REPOSITORY
  await deps.invalidate(isShared ? undefined : repository.id)
}

/** The line of what is about a repository, an organization or an installation. */
export function scopeKey({
  repository,
  organizationId,
  installation,
}: Pick<PermissionsEvent, 'repository' | 'organizationId' | 'installation'>): string {
  if (repository !== undefined) return `${repository.id}/repository`
  if (organizationId !== undefined) return `${organizationId}/organization`
  return installation === undefined ? 'unreadable' : `${installation}/installation`
}
