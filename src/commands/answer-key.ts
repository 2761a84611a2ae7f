import type { CommandContext } from './command.ts'

/** Under which our one answer to a comment is said. */
export function answerKey({ comment }: Pick<CommandContext, 'comment'>): string {
  return `answer/${comment.kind}/${comment.id}`
}
