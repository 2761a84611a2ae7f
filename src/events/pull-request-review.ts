import { z } from 'zod'
import { commitSender } from '../domain/rig.ts'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import { publishAtEnd } from '../pull-requests/publish-status.ts'
import { syncPullRequest } from '../pull-requests/sync-pull-request.ts'
import { handleComment } from './comments.ts'
import {
  Edited,
  type EventHandler,
  happenedIn,
  readPayload,
  Sender,
  textBefore,
  threadKey,
  toAccount,
  type Webhook,
} from './event.ts'
import type { Comment, ReviewEvent } from './forge-event.ts'

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

export const pullRequestReview: Webhook<ReviewEvent> = {
  name: 'pull_request_review',
  actions: ['submitted', 'edited', 'dismissed'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { action, pull_request: pull } = envelope
    return {
      type: 'review',
      ...happenedIn(envelope),
      number: pull.number,
      comment: action === 'dismissed' ? undefined : saidIn(envelope),
      isVerdict: action !== 'edited',
    }
  },
}

function saidIn(envelope: z.output<typeof Payload>): Comment {
  const { action, review, pull_request: pull } = envelope
  const text = review.body ?? ''
  const at = (action === 'edited' ? undefined : review.submitted_at) ?? pull.updated_at
  return {
    ref: { kind: 'review', id: review.id },
    nodeId: review.node_id,
    number: pull.number,
    on: 'pull request',
    author: review.user === null ? undefined : toAccount(review.user),
    text,
    before: textBefore(envelope, text),
    at,
    textAt: at,
    saidOf:
      review.commit_id == null ? undefined : { head: review.commit_id, at: review.submitted_at ?? at, certain: true },
  }
}

/**
 * Runs the commands in the text of a review. Also syncs the pull request when the verdict may have changed, because the
 * status comment and the criteria of a stamp show it.
 */
export const onReview: EventHandler<ReviewEvent> = {
  key: ({ repository, number }) => threadKey(repository, number),
  async handle(deps, event) {
    const { repository, number, comment, isVerdict, delivery, by } = event
    const here = await itemsAt(deps.store, deps.host, { repository_id: repository.id, number })
    const verdict = isVerdict && here.length > 0
    const isAnswered = comment !== undefined && (await handleComment(deps, { ...event, comment }, { verdict }))
    if (isAnswered || !verdict) return
    const place = { ...repository, number }
    const cause = { delivery, sender: commitSender(by), released: [] }
    await publishAtEnd(deps, (publications) => syncPullRequest(deps, place, cause, publications))
  },
}
