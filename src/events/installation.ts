import { z } from 'zod'
import { type Event, readPayload } from './event.ts'
import { letAllGo } from './out-of-reach.ts'
import { permissionEvent } from './permission-events.ts'

const Payload = z.object({ action: z.string(), installation: z.object({ id: z.number() }) })

const standing = permissionEvent('installation', [
  'created',
  'deleted',
  'new_permissions_accepted',
  'suspend',
  'unsuspend',
])

/** We were let in, locked out, or given other rights. */
export const installation: Event = {
  ...standing,
  async handle(deps, received) {
    await standing.handle(deps, received)
    const { action, installation: at } = readPayload(Payload, received)
    if (action === 'deleted' || action === 'suspend') await letAllGo(deps, at.id)
    else await deps.reconcile({ installation_id: at.id }, [received.delivery])
  },
}
