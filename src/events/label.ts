import { z } from 'zod'
import { listLabelled } from '../github/pull-requests.ts'
import { itemsIn } from '../operations/tables/pull-request-items.ts'
import { readReferences } from '../pull-requests/references.ts'
import { Envelope, type Event, nameOf, readPayload, threadKey } from './event.ts'

const Payload = Envelope.extend({ label: z.object({ name: z.string() }) })

/**
 * A label deleted or renamed leaves its pull requests without an event of their own: those that named an item are
 * looked at, and those that name one now.
 */
export const label: Event = {
  name: 'label',
  actions: ['deleted', 'edited'],
  key: threadKey,
  async handle(deps, received) {
    const { action, repository, installation, label: changed } = readPayload(Payload, received)
    const name = nameOf(repository)
    const named = await itemsIn(deps.store, deps.host, repository.id)
    const numbers = new Set(named.map((item) => item.number))
    if (action === 'edited' && (await readReferences({ labels: [changed.name], body: '' })).items.length > 0) {
      const client = await deps.installation(installation.id)
      for (const number of await listLabelled(client, name, changed.name)) numbers.add(number)
    }
    for (const number of numbers) {
      await deps.revisit({ installation_id: installation.id, repository_id: repository.id, ...name, number })
    }
  },
}
