import type { CommentRef } from '../domain/ids.ts'
import type { Comment, ForgeEvent } from '../events/forge-event.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import type { ReplyFinder } from '../replies/replier.ts'
import { answerKey } from '../services/answer-key.ts'

/** A comment in which somebody may have written a command. */
export interface SpokenCommand {
  thread: PullRequestRef
  comment: CommentRef
  /** When it was written, or edited to its present text. ISO 8601. */
  at: string
}

/** The comment, or the text of a review, that an event brings; undefined for other events. */
export function commentIn(event: ForgeEvent): Comment | undefined {
  return event.type === 'comment' || event.type === 'review' ? event.comment : undefined
}

/** The comment with a command that an event brings; undefined for an event without one. */
export function readSpoken(event: ForgeEvent): SpokenCommand | undefined {
  const said = commentIn(event)
  if (said === undefined || event.repository === undefined || !/\/wl/i.test(said.text)) return undefined
  return { thread: { ...event.repository, number: said.number }, comment: said.ref, at: said.textAt }
}

/**
 * Whether our reply to a command is on GitHub. What a command did is in the ledger and is not done twice. A refusal is
 * known from the reply alone, and a command that was refused then could succeed now.
 */
export async function isAnswered(
  deps: { repliedAt: ReplyFinder },
  { thread, comment, at }: SpokenCommand,
): Promise<boolean> {
  const replied = await deps.repliedAt(thread, answerKey({ comment }))
  return replied !== undefined && replied >= new Date(at)
}
