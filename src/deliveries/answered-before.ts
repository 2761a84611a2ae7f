import type { PullRequestRef } from '../domain/refs.ts'
import type { ReplyFinder } from '../replies/replier.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'

/** A reply, named by its thread and key. */
export interface ReplyRef {
  thread: PullRequestRef
  key: string
}

/**
 * The time of our last reply with a key, as far as it matters to `from`. That is the time of our row in Postgres,
 * whether GitHub took the reply or not, when it is `from` or later; else the time of the comment on GitHub.
 */
export async function answeredAt(
  { store, repliedAt }: { store: OperationsStore; repliedAt: ReplyFinder },
  { thread, key }: ReplyRef,
  from: Date,
): Promise<Date | undefined> {
  const note = await findReply(store, key)
  const noted = note && new Date(Date.now() - note.age)
  if (noted !== undefined && noted >= from) return noted
  return repliedAt(thread, key)
}
