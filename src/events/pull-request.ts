import { z } from 'zod'
import { syncAndGiveDeferredStamps } from '../commands/deferred-stamps.ts'
import { noteHead } from '../operations/tables/pull-request-heads.ts'
import { mayConcernUs } from '../pull-requests/may-name-item.ts'
import { namedBy } from '../pull-requests/named-items.ts'
import { mayRevert, noteReverts } from '../pull-requests/reverts.ts'
import { Edited, type Event, type EventDeps, nameOf, readPayload, threadKey } from './event.ts'

const Payload = Edited.extend({
  pull_request: z.object({
    id: z.number(),
    number: z.number(),
    title: z.string().default(''),
    merged: z.boolean().nullish(),
    body: z.string().nullish(),
    updated_at: z.string().nullish(),
    head: z.object({ sha: z.string() }).nullish(),
    labels: z.array(z.object({ name: z.string() })).default([]),
  }),
  label: z.object({ name: z.string() }).nullish(),
})

/** Every change of a pull request that can change what the ledger says of it; what it is now, GitHub is asked. */
export const pullRequest: Event = {
  name: 'pull_request',
  actions: [
    'opened',
    'edited',
    'labeled',
    'unlabeled',
    'ready_for_review',
    'converted_to_draft',
    'synchronize',
    'closed',
    'reopened',
  ],
  key: threadKey,
  async handle(deps, received) {
    const payload = readPayload(Payload, received)
    const { repository, sender, installation, changes, pull_request: pull } = payload
    const reverts = pull.merged === true && mayRevert([pull.title, pull.body, changes?.body?.from].join('\n'))
    const isOurs = await concernsUs(deps, payload)
    if (!isOurs && !reverts) return
    if (isOurs) await noteHeadOf(deps, payload)
    const client = await deps.installation(installation.id)
    const place = { client, installationId: installation.id, name: nameOf(repository), number: pull.number }
    const cause = {
      delivery: received.delivery,
      sender: `${sender.login} ${sender.id}`,
      released: await released(deps, payload),
      ...(payload.action === 'opened' && { opened: pull.body ?? '' }),
    }
    if (isOurs) await syncAndGiveDeferredStamps(deps, place, cause)
    if (reverts) await noteReverts(deps, place, cause)
  },
}

/** What GitHub signed of its head: a command that comes later judges this one, unless there is a push between. */
async function noteHeadOf({ store, host }: EventDeps, { repository, pull_request: pull }: z.output<typeof Payload>) {
  if (pull.head == null || pull.updated_at == null) return
  const { id, head, updated_at: at } = pull
  await noteHead(store, {
    host,
    repository_id: repository.id,
    pull_request_id: id,
    head: head.sha,
    seen_at: at,
    at,
  })
}

async function concernsUs(deps: EventDeps, payload: z.output<typeof Payload>): Promise<boolean> {
  const { id, body, labels } = payload.pull_request
  if ((await released(deps, payload)).length > 0) return true
  const pull = { id, body: body ?? '', labels: labels.map((one) => one.name) }
  return mayConcernUs(deps, nameOf(payload.repository), pull)
}

/** The items that the event itself says the pull request named until now, should our own note of them be lost. */
async function released(deps: EventDeps, payload: z.output<typeof Payload>): Promise<string[]> {
  const { action, label, changes, repository } = payload
  const labels = action === 'unlabeled' && label != null ? [label.name] : []
  const body = changes?.body?.from ?? ''
  const { items } = await namedBy(deps, nameOf(repository), { labels, body })
  return items.map((item) => item.wanted)
}
