import { z } from 'zod'
import { type Event, readPayload } from './event.ts'
import { letAllGo } from './out-of-reach.ts'
import { standingEvent } from './standing.ts'

const Payload = z.object({ action: z.string(), installation: z.object({ id: z.number() }) })

const standing = standingEvent('installation', [
  'created',
  'deleted',
  'new_permissions_accepted',
  'suspend',
  'unsuspend',
])

/** We were let in, locked out, or given other rights. */
export const installation: Event = {
  ...standing,
  async handle(rooms, received) {
    await standing.handle(rooms, received)
    const { action, installation: at } = readPayload(Payload, received)
    if (action === 'deleted' || action === 'suspend') await letAllGo(rooms, at.id)
    else await rooms.reconcile({ installation_id: at.id }, [received.delivery])
  },
}
