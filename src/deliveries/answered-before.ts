import type { PullRequestRef } from '../domain/refs.ts'
import type { ReplyFinder } from '../replies/replier.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import type { OperationsStore } from '../operations/schema.ts'

/** What was asked of us, as a reply is keyed. */
export interface ReplyRef {
  thread: PullRequestRef
  key: string
}

/**
 * When we last answered, as far as it matters: by our own note when that is from `from` or later, refused by GitHub
 * or not, else by the comment itself.
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
