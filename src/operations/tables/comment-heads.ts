import { type Selectable, sql } from 'kysely'
import { dropOlder } from './drop-older.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

export type CommentHead = Omit<Selectable<Operations['comment_heads']>, 'wasteland'>

/**
 * Stores the head that a comment judges, once: when the comment is retried, pushes that came meanwhile change nothing.
 * Resolves to the stored head.
 */
export async function keepCommentHead({ db, wasteland }: OperationsStore, comment: CommentHead): Promise<string> {
  const kept = await settle(
    db
      .insertInto('comment_heads')
      .values({ wasteland, ...comment })
      .onConflict((conflict) =>
        conflict
          .columns(['wasteland', 'host', 'comment_kind', 'comment_id', 'said_at'])
          // A conflict that does nothing returns no row.
          .doUpdateSet({ head: sql`comment_heads.head` }),
      )
      .returning('head')
      .executeTakeFirstOrThrow(),
  )
  return kept.head
}

/** Drops the heads of comments that were written before a time. */
export const dropCommentHeads = dropOlder('comment_heads', sql.ref('said_at'))
