import { batchedRead } from '../postgres/batched-read.ts'
import { rewriteTable } from './rewrite-table.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** A sent reply: its key and text, and the id of the comment or check run at GitHub. */
export interface SentReply {
  commentId: number | null
  sentBody: string | null
  /** The text that GitHub refused, with `refused` as the reason. */
  body: string
  refused: string | null
  /** Milliseconds since it was stored. */
  age: number
}

export const findReply = batchedRead(async ({ db, wasteland }, keys: readonly string[]) => {
  const rows = await settle(
    db.selectFrom('replies').selectAll().where('wasteland', '=', wasteland).where('key', 'in', keys).execute(),
  )
  const found = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key): SentReply | undefined => {
    const row = found.get(key)
    return (
      row && {
        commentId: row.comment_id,
        sentBody: row.sent_body,
        body: row.body,
        refused: row.refused,
        age: Date.now() - new Date(row.updated_at).getTime(),
      }
    )
  })
})

/** Those of these comments that are no reply of ours by any row: the row of such a comment may be lost. */
export async function withoutRow({ db, wasteland }: OperationsStore, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await settle(
    db
      .selectFrom('replies')
      .select('comment_id')
      .where('wasteland', '=', wasteland)
      .where('comment_id', 'in', ids)
      // A check run has a number of its own kind.
      .where('key', 'not like', 'check/%')
      .execute(),
  )
  const known = new Set(rows.map((row) => row.comment_id))
  return ids.filter((id) => !known.has(id))
}

/**
 * Stores a sent reply. False, without storing it, when another comment than `before` was stored since, or another text
 * than `text`, where it is given.
 */
export async function saveReply(
  { db, wasteland }: OperationsStore,
  key: string,
  reply: Omit<SentReply, 'age'>,
  before: number | null,
  text?: string,
): Promise<boolean> {
  const row = {
    body: reply.body,
    comment_id: reply.commentId,
    sent_body: reply.sentBody,
    refused: reply.refused,
    updated_at: new Date(),
  }
  const noted = await settle(
    db
      .insertInto('replies')
      .values({ wasteland, key, ...row })
      .onConflict((conflict) =>
        conflict
          .columns(['wasteland', 'key'])
          .doUpdateSet(row)
          .where('replies.comment_id', 'is not distinct from', before)
          .where((row) => (text === undefined ? row.lit(true) : row('replies.body', '=', text))),
      )
      .returning('key')
      .executeTakeFirst(),
  )
  return noted !== undefined
}

/** Removes the replies of these keys, from the rows and from the table's file. */
export async function eraseReplies({ db, wasteland }: OperationsStore, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await settle(db.deleteFrom('replies').where('wasteland', '=', wasteland).where('key', 'in', keys).execute())
  await rewriteTable(db, 'replies')
}

/**
 * Drops the texts of replies that were sent before a time and not changed since. Such a reply is sent again to its
 * comment when it recurs.
 */
export async function dropReplyTexts({ db, wasteland }: OperationsStore, before: Date, limit: number): Promise<number> {
  const { numUpdatedRows } = await settle(
    db
      .updateTable('replies')
      .set({ body: '', sent_body: null })
      .where('wasteland', '=', wasteland)
      .where('key', 'in', (from) =>
        from
          .selectFrom('replies')
          .select('key')
          .where('wasteland', '=', wasteland)
          .where('body', '<>', '')
          .where('updated_at', '<', before)
          .limit(limit),
      )
      .executeTakeFirst(),
  )
  return Number(numUpdatedRows)
}
