import type { CommandContext } from './context.ts'

/** The reply key of our one answer to a comment. */
export function answerKey({ comment }: Pick<CommandContext, 'comment'>): string {
  return `answer/${comment.kind}/${comment.id}`
}
