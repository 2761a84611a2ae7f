import { type Selectable, sql } from 'kysely'
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
export async function dropCommentHeads(
  { db, wasteland }: OperationsStore,
  before: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await settle(
    sql`DELETE FROM comment_heads WHERE ctid IN (
          SELECT old.ctid FROM comment_heads AS old
           WHERE old.wasteland = ${wasteland} AND old.said_at < ${before}
           LIMIT ${limit})`.execute(db),
  )
  return Number(numAffectedRows)
}
