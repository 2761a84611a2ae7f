import { z } from 'zod'
import { CommentPayload, happenedIn, readComment, readPayload, type Webhook } from './event.ts'
import type { CommentEvent } from './forge-event.ts'

const Payload = CommentPayload.extend({
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
})

/** The webhook event `issue_comment`: a comment in the conversation of an issue or a pull request. */
export const issueComment: Webhook<CommentEvent> = {
  name: 'issue_comment',
  actions: ['created', 'edited'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { comment, issue } = envelope
    return {
      type: 'comment',
      ...happenedIn(envelope),
      comment: {
        ref: { kind: 'issue_comment', id: comment.id },
        number: issue.number,
        on: issue.pull_request == null ? 'issue' : 'pull request',
        ...readComment(envelope),
      },
    }
  },
}
