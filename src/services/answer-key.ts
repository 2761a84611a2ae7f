import type { CommandContext } from './context.ts'

/** Under which our one answer to a comment is said. */
export function answerKey({ comment }: Pick<CommandContext, 'comment'>): string {
  return `answer/${comment.kind}/${comment.id}`
}
