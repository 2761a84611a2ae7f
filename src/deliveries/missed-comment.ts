import { uuidOf } from '../domain/hash.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import { type Comment, type CommentEvent, EVENT_VERSION, type ReviewEvent } from '../events/forge-event.ts'
import type { RecentComment } from '../github/recent-comments.ts'
import { servedRepository, type Served } from './missed.ts'
import type { OperationsStore } from '../operations/schema.ts'

/** A comment of a person with a command in it. */
export type Spoken = RecentComment & { author: Account }

/**
 * The id that we give the delivery of a comment that no delivery brought. `at`: when it was written, or edited to its
 * present text.
 */
export function missedCommentId(
  { wasteland }: OperationsStore,
  host: string,
  { kind, id }: CommentRef,
  at: string,
): string {
  return uuidOf(['unheard', wasteland, host, kind, id, Date.parse(at)])
}

const GITHUB_NAMES = { issue_comment: 'issue_comment', review_comment: 'pull_request_review_comment' } as const

/**
 * The event that a delivery of the comment would have brought. `before`: the text before an edit. The author counts as
 * the sender, because nobody else may give commands in it.
 */
export function commentEvent(
  at: Served,
  guid: string,
  said: Spoken,
  { at: when, before }: { at: string; before?: string },
): CommentEvent | ReviewEvent {
  const { comment: ref, author, text, number, on, nodeId, head, createdAt } = said
  const repository = servedRepository(at)
  const isEdit = before !== undefined
  const comment: Comment = { ref, nodeId, number, on, author, text, before, at: when, textAt: when }
  const told = { v: EVENT_VERSION, delivery: guid, installation: at.installation, repository, by: author } as const
  if (ref.kind !== 'review')
    return { type: 'comment', ...told, name: `${GITHUB_NAMES[ref.kind]}.${isEdit ? 'edited' : 'created'}`, comment }
  const saidOf = head === undefined ? undefined : { head, at: createdAt, certain: true }
  const name = `pull_request_review.${isEdit ? 'edited' : 'submitted'}`
  return { type: 'review', ...told, name, number, isVerdict: !isEdit, comment: { ...comment, saidOf } }
}
