import { z } from 'zod'
import {
  checksKey,
  type EventHandler,
  placeIn,
  readPayload,
  Repository,
  Sender,
  toAccount,
  type Webhook,
} from './event.ts'
import type { StatusEvent } from './forge-event.ts'
import { revisitHead } from './checks.ts'

const Payload = z.object({
  repository: Repository,
  installation: z.object({ id: z.number() }),
  sender: Sender.optional(),
  sha: z.string(),
  state: z.string(),
})

/** The webhook event `status`: a commit status, from CI that reports no check runs. */
export const status: Webhook<StatusEvent> = {
  name: 'status',
  actions: [],
  read(payload) {
    const { sha: head, state, sender, ...place } = readPayload(Payload, payload)
    return { type: 'status', ...placeIn(place), by: sender && toAccount(sender), head, ended: state !== 'pending' }
  },
}

export const onStatus: EventHandler<StatusEvent> = {
  key: checksKey,
  async handle(deps, { repository, head, ended }) {
    if (ended) await revisitHead(deps, repository, head)
  },
}
