import { z } from 'zod'
import { CommentPayload, happenedIn, readComment, readPayload, type Webhook } from './event.ts'
import type { CommentEvent } from './forge-event.ts'

const Payload = CommentPayload.extend({
  comment: CommentPayload.shape.comment.extend({
    body: z.string(),
    // `commit_id` moves with each push.
    original_commit_id: z.string().nullish(),
  }),
  pull_request: z.object({ number: z.number() }),
})

/** The webhook event `pull_request_review_comment`: a comment on a line of code. */
export const pullRequestReviewComment: Webhook<CommentEvent> = {
  name: 'pull_request_review_comment',
  actions: ['created', 'edited'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { comment, pull_request: pull } = envelope
    const { created_at: writtenAt, original_commit_id: head } = comment
    return {
      type: 'comment',
      ...happenedIn(envelope),
      comment: {
        ref: { kind: 'review_comment', id: comment.id },
        number: pull.number,
        on: 'pull request',
        ...readComment(envelope),
        saidOf: head == null ? undefined : { head, at: writtenAt, certain: false },
      },
    }
  },
}
