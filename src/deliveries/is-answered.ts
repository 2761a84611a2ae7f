import type { CommentRef } from '../domain/ids.ts'
import type { Comment, ForgeEvent } from '../events/forge-event.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import type { ReplyFinder } from '../replies/replier.ts'
import { answerKey } from '../services/answer-key.ts'

/** Words that somebody spoke to us. */
export interface SpokenCommand {
  thread: PullRequestRef
  comment: CommentRef
  /** ISO 8601: when it was written, or edited to what it is. */
  at: string
}

/** The comment or the review's text that an event brings. */
export function commentIn(event: ForgeEvent): Comment | undefined {
  return event.type === 'comment' || event.type === 'review' ? event.comment : undefined
}

/** Undefined for an event that has no command of anybody's. */
export function readSpoken(event: ForgeEvent): SpokenCommand | undefined {
  const said = commentIn(event)
  if (said === undefined || event.repository === undefined || !/\/wl/i.test(said.text)) return undefined
  return { thread: { ...event.repository, number: said.number }, comment: said.ref, at: said.textAt }
}

/**
 * Whether our answer to what was said stands on GitHub. What was done is in the ledger and is not done twice; but of
 * a refusal only the answer tells, and what was refused then could be granted now.
 */
export async function isAnswered(
  deps: { repliedAt: ReplyFinder },
  { thread, comment, at }: SpokenCommand,
): Promise<boolean> {
  const replied = await deps.repliedAt(thread, answerKey({ comment }))
  return replied !== undefined && replied >= new Date(at)
}
