import type { Situation } from './command.ts'

/** Under which our one answer to a comment is said. */
export function answerKey({ comment }: Pick<Situation, 'comment'>): string {
  return `answer/${comment.kind}/${comment.id}`
}
