import { z } from 'zod'
import { hear } from './comments.ts'
import { Edited, type Event, readPayload, Sender, textBefore, threadKey } from './event.ts'

const Payload = Edited.extend({
  review: z.object({
    id: z.number(),
    body: z.string().nullish(),
    user: Sender.nullable(),
    submitted_at: z.string().nullish(),
    commit_id: z.string().nullish(),
  }),
  pull_request: z.object({ number: z.number(), updated_at: z.string() }),
})

/** Commands in the body of a submitted review. */
export const pullRequestReview: Event = {
  name: 'pull_request_review',
  actions: ['submitted', 'edited'],
  key: threadKey,
  async handle(rooms, received) {
    const envelope = readPayload(Payload, received)
    const { review, pull_request: pull } = envelope
    await hear(rooms, {
      envelope,
      delivery: received.delivery,
      number: pull.number,
      on: 'pull request',
      comment: { kind: 'review', id: review.id },
      author: review.user,
      text: review.body ?? '',
      before: textBefore(envelope, review.body ?? ''),
      judgedHead: review.commit_id ?? undefined,
      at: (envelope.action === 'edited' ? undefined : review.submitted_at) ?? pull.updated_at,
    })
  },
}
