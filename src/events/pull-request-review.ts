import { z } from 'zod'
import { itemsAt } from '../operations/pull-request-items.ts'
import { attend } from '../pull-requests/attend.ts'
import { hear } from './comments.ts'
import { Edited, type Event, nameOf, readPayload, Sender, textBefore, threadKey } from './event.ts'

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

/** Commands in the body of a submitted review; and its verdict, which the status and the criteria of a stamp show. */
export const pullRequestReview: Event = {
  name: 'pull_request_review',
  actions: ['submitted', 'edited', 'dismissed'],
  key: threadKey,
  async handle(rooms, received) {
    const envelope = readPayload(Payload, received)
    const { action, repository, sender, installation, review, pull_request: pull } = envelope
    const { delivery } = received
    const here = await itemsAt(rooms.store, rooms.host, { repository_id: repository.id, number: pull.number })
    if (action !== 'edited' && here.length > 0) {
      const client = await rooms.installation(installation.id)
      const place = { client, installationId: installation.id, name: nameOf(repository), number: pull.number }
      await attend(rooms, place, { delivery, sender: `${sender.login} ${sender.id}`, released: [] })
    }
    if (action === 'dismissed') return
    await hear(rooms, {
      envelope,
      delivery,
      number: pull.number,
      on: 'pull request',
      comment: { kind: 'review', id: review.id },
      author: review.user,
      text: review.body ?? '',
      before: textBefore(envelope, review.body ?? ''),
      judgedHead: review.commit_id ?? undefined,
      at: (action === 'edited' ? undefined : review.submitted_at) ?? pull.updated_at,
    })
  },
}
