import { z } from 'zod'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import { syncPullRequest, syncPullRequestFor } from '../pull-requests/sync-pull-request.ts'
import { handleComment, type CommentEvent } from './comments.ts'
import { Edited, type Event, type EventDeps, nameOf, readPayload, Sender, textBefore, threadKey } from './event.ts'
import type { Cause } from '../pull-requests/types.ts'

const Payload = Edited.extend({
  review: z.object({
    id: z.number(),
    node_id: z.string().optional(),
    body: z.string().nullish(),
    user: Sender.nullable(),
    submitted_at: z.string().nullish(),
    commit_id: z.string().nullish(),
  }),
  pull_request: z.object({ number: z.number(), updated_at: z.string() }),
})

/** Commands in the body of a submitted review; and its verdict, which the status and the criteria of a stamp show. */
export const pullRequestReview: Event = {
  name: 'pull_request_review',
  actions: ['submitted', 'edited', 'dismissed'],
  key: threadKey,
  async handle(deps, received) {
    const envelope = readPayload(Payload, received)
    const { action, repository, sender, pull_request: pull } = envelope
    const here = await itemsAt(deps.store, deps.host, { repository_id: repository.id, number: pull.number })
    const snapshot = action === 'dismissed' ? undefined : await handleComment(deps, saidIn(envelope, received.delivery))
    if (action === 'edited' || here.length === 0) return
    const cause = { delivery: received.delivery, sender: `${sender.login} ${sender.id}`, released: [] }
    await showVerdict(deps, envelope, cause, snapshot)
  },
}

type Envelope = z.output<typeof Payload>

function saidIn(envelope: Envelope, delivery: string): CommentEvent {
  const { action, review, pull_request: pull } = envelope
  const at = (action === 'edited' ? undefined : review.submitted_at) ?? pull.updated_at
  const saidOf =
    review.commit_id == null ? undefined : { head: review.commit_id, at: review.submitted_at ?? at, certain: true }
  return {
    envelope,
    delivery,
    number: pull.number,
    on: 'pull request',
    comment: { kind: 'review', id: review.id },
    nodeId: review.node_id,
    author: review.user,
    text: review.body ?? '',
    before: textBefore(envelope, review.body ?? ''),
    saidOf,
    at,
  }
}

/** `getSnapshot`: that of the review's commands, so that GitHub is not asked again. */
async function showVerdict(
  deps: EventDeps,
  { repository, installation, pull_request: pull }: Envelope,
  cause: Cause,
  getSnapshot: Awaited<ReturnType<typeof handleComment>>,
) {
  const client = await deps.installation(installation.id)
  const place = { client, installationId: installation.id, name: nameOf(repository), number: pull.number }
  if (getSnapshot === undefined) return syncPullRequest(deps, place, cause)
  const snapshot = await getSnapshot()
  return snapshot && syncPullRequestFor(deps, place, cause, snapshot)
}
