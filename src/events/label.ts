import { z } from 'zod'
import { listLabelled } from '../github/pull-requests.ts'
import { itemsIn } from '../operations/tables/pull-request-items.ts'
import { readReferences } from '../pull-requests/references.ts'
import { Envelope, type EventHandler, happenedIn, readPayload, repositoryKey, type Webhook } from './event.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import type { LabelEvent } from './forge-event.ts'

const Payload = Envelope.extend({ label: z.object({ name: z.string() }) })

export const label: Webhook<LabelEvent> = {
  name: 'label',
  actions: ['deleted', 'edited'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { action, label: changed } = envelope
    return { type: 'label', ...happenedIn(envelope), label: action === 'edited' ? changed.name : undefined }
  },
}

/**
 * Handles a label that was deleted or renamed. Its pull requests get no event of their own, so those that named an item
 * are refreshed, and those that name one now.
 */
export const onLabel: EventHandler<LabelEvent> = {
  key: repositoryKey,
  async handle(deps, { repository, label: name }) {
    const named = await itemsIn(deps.store, deps.host, repository.id)
    const numbers = new Set(named.map((item) => item.number))
    if (name !== undefined && (await readReferences({ labels: [name], body: '' })).items.length > 0) {
      for (const number of await listLabelled(deps, repository, name)) numbers.add(number)
    }
    for (const number of numbers) await deps.revisit({ ...placeOf(repository, repository.id), number })
  },
}
