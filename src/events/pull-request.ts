import { z } from 'zod'
import { syncAndGiveDeferredStamps } from '../commands/deferred-stamps.ts'
import { commitSender } from '../domain/rig.ts'
import { noteHead } from '../operations/tables/pull-request-heads.ts'
import { mayConcernUs } from '../pull-requests/may-name-item.ts'
import { namedBy } from '../pull-requests/named-items.ts'
import { mayRevert, noteReverts } from '../pull-requests/reverts.ts'
import { Edited, type EventDeps, type EventHandler, happenedIn, readPayload, threadKey, type Webhook } from './event.ts'
import type { PullRequestEvent } from './forge-event.ts'

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

/** The webhook event `pull_request`: every change that can change what the ledger says of a pull request. */
export const pullRequest: Webhook<PullRequestEvent> = {
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
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { action, changes, label, pull_request: pull } = envelope
    const { id, number, title, merged, body, updated_at: at, head, labels } = pull
    return {
      type: 'pull_request',
      ...happenedIn(envelope),
      pull: {
        id,
        number,
        title,
        body: body ?? '',
        labels: labels.map(({ name }) => name),
        merged: merged === true,
        head: head == null || at == null ? undefined : { sha: head.sha, at },
      },
      opened: action === 'opened',
      bodyBefore: changes?.body?.from ?? undefined,
      unlabelled: action === 'unlabeled' ? label?.name : undefined,
    }
  },
}

/**
 * Syncs the ledger with a pull request, whose present state is fetched from GitHub, and notes the work that it reverts.
 */
export const onPullRequest: EventHandler<PullRequestEvent> = {
  key: ({ repository, pull }) => threadKey(repository, pull.number),
  async handle(deps, event) {
    const { repository, pull, bodyBefore } = event
    const reverts = pull.merged && mayRevert([pull.title, pull.body, bodyBefore].join('\n'))
    const released = await releasedBy(deps, event)
    const isOurs = released.length > 0 || (await mayConcernUs(deps, repository, pull))
    if (!isOurs && !reverts) return
    if (isOurs) await noteHeadOf(deps, event)
    const place = { ...repository, number: pull.number }
    const cause = {
      delivery: event.delivery,
      sender: commitSender(event.by),
      released,
      labels: pull.labels,
      ...(event.opened && { opened: pull.body }),
    }
    if (isOurs) await syncAndGiveDeferredStamps(deps, place, cause)
    if (reverts) await noteReverts(deps, place, cause)
  },
}

/** Stores the head that the signed payload names. A later command judges this head, unless a push comes between. */
async function noteHeadOf({ store, host }: EventDeps, { repository, pull }: PullRequestEvent) {
  if (pull.head === undefined) return
  const { sha: head, at } = pull.head
  await noteHead(store, { host, repository_id: repository.id, pull_request_id: pull.id, head, seen_at: at, at })
}

/**
 * The items that the pull request named until this event, as the event itself has them: our row of them may be lost.
 */
async function releasedBy(deps: EventDeps, { repository, unlabelled, bodyBefore }: PullRequestEvent) {
  const labels = unlabelled === undefined ? [] : [unlabelled]
  const { items } = await namedBy(deps, repository, { labels, body: bodyBefore ?? '' })
  return items.map((item) => item.wanted)
}
