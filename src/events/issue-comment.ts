import { z } from 'zod'
import { handleComment } from './comments.ts'
import { Edited, type Event, readPayload, Sender, textBefore, threadKey } from './event.ts'

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

/** Commands in the conversation of an issue or a pull request. */
export const issueComment: Event = {
  name: 'issue_comment',
  actions: ['created', 'edited'],
  key: threadKey,
  async handle(deps, received) {
    const envelope = readPayload(Payload, received)
    const { comment, issue } = envelope
    await handleComment(deps, {
      envelope,
      delivery: received.delivery,
      number: issue.number,
      on: issue.pull_request == null ? 'issue' : 'pull request',
      comment: { kind: 'issue_comment', id: comment.id },
      nodeId: comment.node_id,
      author: comment.user,
      text: comment.body ?? '',
      before: textBefore(envelope, comment.body ?? ''),
      at: envelope.action === 'edited' ? comment.updated_at : comment.created_at,
    })
  },
}
