import { z } from 'zod'
import { Edited, happenedIn, readPayload, Sender, textBefore, toAccount, type Webhook } from './event.ts'
import type { CommentEvent } from './forge-event.ts'

const Payload = Edited.extend({
  comment: z.object({
    id: z.number(),
    node_id: z.string().optional(),
    body: z.string().nullish(),
    user: Sender.nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
})

/** A comment in the conversation of an issue or a pull request. */
export const issueComment: Webhook<CommentEvent> = {
  name: 'issue_comment',
  actions: ['created', 'edited'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    const { action, comment, issue } = envelope
    const text = comment.body ?? ''
    return {
      type: 'comment',
      ...happenedIn(envelope),
      comment: {
        ref: { kind: 'issue_comment', id: comment.id },
        nodeId: comment.node_id,
        number: issue.number,
        on: issue.pull_request == null ? 'issue' : 'pull request',
        author: comment.user === null ? undefined : toAccount(comment.user),
        text,
        before: textBefore(envelope, text),
        at: action === 'edited' ? comment.updated_at : comment.created_at,
        textAt: comment.updated_at,
      },
    }
  },
}
