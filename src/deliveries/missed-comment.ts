import { uuidOf } from '../domain/hash.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import type { RecentComment } from '../github/recent-comments.ts'
import type { StoredDelivery } from './webhook-endpoint.ts'
import { envelopeOf, type Served } from './missed.ts'
import type { OperationsStore } from '../operations/schema.ts'

/** A comment of a person with a command in it. */
export type Spoken = RecentComment & { author: Account }

/** The id of the delivery of what was said, as we make it. `at`: when it was written, or edited to what it is. */
export function missedCommentId(
  { wasteland }: OperationsStore,
  host: string,
  { kind, id }: CommentRef,
  at: string,
): string {
  return uuidOf(['unheard', wasteland, host, kind, id, Date.parse(at)])
}

const EVENTS = {
  issue_comment: 'issue_comment',
  review_comment: 'pull_request_review_comment',
  review: 'pull_request_review',
} as const

/**
 * The delivery that GitHub would have sent of a comment, as far as our events read it. `before`: the text before an
 * edit; its sender is the author, who alone may speak.
 */
export function deliveryOf(
  at: Served,
  guid: string,
  said: Spoken,
  { at: when, before }: { at: string; before?: string },
): StoredDelivery {
  const { comment, author, text, number, on } = said
  const isEdit = before !== undefined
  const words = { id: comment.id, node_id: said.nodeId, body: text, user: author }
  const payload = {
    ...envelopeOf(at),
    sender: author,
    ...(isEdit ? { changes: { body: { from: before } } } : {}),
  }
  const name = EVENTS[comment.kind]
  if (comment.kind === 'review') {
    const review = { ...words, submitted_at: said.createdAt, commit_id: said.head ?? null }
    const pull_request = { number, updated_at: when }
    return asMissedComment({
      guid,
      name,
      payload: { action: isEdit ? 'edited' : 'submitted', ...payload, review, pull_request },
    })
  }
  const action = isEdit ? 'edited' : 'created'
  const shown = { ...words, created_at: said.createdAt, updated_at: when }
  const thread =
    comment.kind === 'review_comment'
      ? { pull_request: { number, updated_at: when } }
      : { issue: { number, ...(on === 'pull request' ? { pull_request: {} } : {}) } }
  return asMissedComment({ guid, name, payload: { action, ...payload, comment: shown, ...thread } })
}

/** It may be answered while it waits in the queue: GitHub's own delivery may come after all. */
function asMissedComment(delivery: StoredDelivery): StoredDelivery {
  return { ...delivery, isAnswered: true }
}
