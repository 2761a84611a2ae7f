import { z } from 'zod'
import { type EventHandler, readPayload, type Webhook } from './event.ts'
import type { InstallationEvent } from './forge-event.ts'
import { letAllGo } from './out-of-reach.ts'
import { invalidatePermissions, readScope, scopeKey } from './permission-events.ts'

const Payload = z.object({ action: z.string(), installation: z.object({ id: z.number() }) })

/** The webhook event `installation`: the App was installed, uninstalled, suspended, or given other permissions. */
export const installation: Webhook<InstallationEvent> = {
  name: 'installation',
  actions: ['created', 'deleted', 'new_permissions_accepted', 'suspend', 'unsuspend'],
  read(payload) {
    const { action, installation: at } = readPayload(Payload, payload)
    const gone = action === 'deleted' || action === 'suspend'
    return { type: 'installation', ...readScope(payload), installation: at.id, gone }
  },
}

export const onInstallation: EventHandler<InstallationEvent> = {
  key: scopeKey,
  notice: invalidatePermissions,
  async handle(deps, event) {
    await invalidatePermissions(deps, event)
    if (event.gone) await letAllGo(deps, event.installation)
    else await deps.reconcile({ installation_id: event.installation }, [event.delivery])
  },
}
