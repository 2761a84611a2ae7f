import { z } from 'zod'
import { DEFAULTS_REPOSITORY } from '../authorization/settings-file.ts'
import { type Event, type EventDeps, readPayload } from './event.ts'

/** Whatever the event names, these are all that is read of it. */
const Scope = z.object({
  repository: z.object({ id: z.number(), name: z.string() }).optional(),
  organization: z.object({ id: z.number() }).optional(),
  installation: z.object({ id: z.number() }).optional(),
})

/**
 * An event that changes who may do what. What we remember of that is dropped as soon as the event is received, so
 * that nothing said after it is judged by what was before; nothing else is done about it.
 */
export function permissionEvent(name: string, actions: Event['actions']): Event {
  return {
    name,
    actions,
    key: standingKey,
    notice: invalidatePermissions,
    // Again in its turn, for a delivery that another process received.
    async handle(deps, received) {
      readPayload(Scope, received)
      await invalidatePermissions(deps, received.payload)
    },
  }
}

/** What belongs to one repository is dropped for it alone; teams and organizations reach many. */
export async function invalidatePermissions(deps: Pick<EventDeps, 'invalidate'>, payload: unknown): Promise<void> {
  const scope = Scope.safeParse(payload).data
  // The organization's default settings lie in this one.
  const isShared = scope?.repository === undefined || scope.repository.name.toLowerCase() === DEFAULTS_REPOSITORY
  await deps.invalidate(isShared ? undefined : scope.repository!.id)
}

function standingKey(payload: unknown): string {
  const { repository, organization, installation } = Scope.safeParse(payload).data ?? {}
  if (repository !== undefined) return `${repository.id}/repository`
  if (organization !== undefined) return `${organization.id}/organization`
  return installation === undefined ? 'unreadable' : `${installation.id}/installation`
}
