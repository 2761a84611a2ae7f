import { z } from 'zod'
import { handleComment } from './comments.ts'
import { Edited, type Event, readPayload, Sender, textBefore, threadKey } from './event.ts'

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

/** Commands beside a line of code. */
export const pullRequestReviewComment: Event = {
  name: 'pull_request_review_comment',
  actions: ['created', 'edited'],
  key: threadKey,
  async handle(deps, received) {
    const envelope = readPayload(Payload, received)
    const { comment, pull_request: pull } = envelope
    await handleComment(deps, {
      envelope,
      delivery: received.delivery,
      number: pull.number,
      on: 'pull request',
      comment: { kind: 'review_comment', id: comment.id },
      nodeId: comment.node_id,
      author: comment.user,
      text: comment.body,
      before: textBefore(envelope, comment.body),
      at: envelope.action === 'edited' ? comment.updated_at : comment.created_at,
      saidOf:
        comment.original_commit_id == null
          ? undefined
          : { head: comment.original_commit_id, at: comment.created_at, certain: false },
    })
  },
}
