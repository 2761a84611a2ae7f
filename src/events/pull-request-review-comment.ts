import { z } from 'zod'
import { Edited, happenedIn, readPayload, Sender, textBefore, toAccount, type Webhook } from './event.ts'
import type { CommentEvent } from './forge-event.ts'

const Payload = Edited.extend({
  comment: z.object({
    id: z.number(),
    node_id: z.string().optional(),
    body: z.string(),
    user: Sender.nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    // `commit_id` moves with each push.
    original_commit_id: z.string().nullish(),
  }),
  pull_request: z.object({ number: z.number() }),
})

/** A comment beside a line of code. */
export const pullRequestReviewComment: Webhook<CommentEvent> = {
  name: 'pull_request_review_comment',
  actions: ['created', 'edited'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { action, comment, pull_request: pull } = envelope
    const { created_at: writtenAt, updated_at: textAt, original_commit_id: head } = comment
    return {
      type: 'comment',
      ...happenedIn(envelope),
      comment: {
        ref: { kind: 'review_comment', id: comment.id },
        nodeId: comment.node_id,
        number: pull.number,
        on: 'pull request',
        author: comment.user === null ? undefined : toAccount(comment.user),
        text: comment.body,
        before: textBefore(envelope, comment.body),
        at: action === 'edited' ? textAt : writtenAt,
        textAt,
        saidOf: head == null ? undefined : { head, at: writtenAt, certain: false },
      },
    }
  },
}
