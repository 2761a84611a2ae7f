import { sql } from 'kysely'
import { type OperationsStore, settle } from './store.ts'

/** What was said under a key, and under which comment id GitHub keeps it. */
export interface SentReply {
  commentId: number | null
  sentBody: string | null
  /** The text that GitHub would not take, with `refused` as its reason. */
  body: string
  refused: string | null
  /** Milliseconds since this was noted. */
  age: number
}

export async function findReply({ db, wasteland }: OperationsStore, key: string): Promise<SentReply | undefined> {
  const row = await settle(
    db.selectFrom('replies').selectAll().where('wasteland', '=', wasteland).where('key', '=', key).executeTakeFirst(),
  )
  return (
    row && {
      commentId: row.comment_id,
      sentBody: row.sent_body,
      body: row.body,
      refused: row.refused,
      age: Date.now() - new Date(row.updated_at).getTime(),
    }
  )
}

export async function saveReply(
  { db, wasteland }: OperationsStore,
  key: string,
  reply: Omit<SentReply, 'age'>,
): Promise<void> {
  const row = {
    body: reply.body,
    comment_id: reply.commentId,
    sent_body: reply.sentBody,
    refused: reply.refused,
    updated_at: new Date(),
  }
  await settle(
    db
      .insertInto('replies')
      .values({ wasteland, key, ...row })
      .onConflict((conflict) => conflict.columns(['wasteland', 'key']).doUpdateSet(row))
      .execute(),
  )
}

/** Removes what was said under these keys, and from the table's file what Postgres keeps of removed rows. */
export async function eraseReplies({ db, wasteland }: OperationsStore, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await settle(db.deleteFrom('replies').where('wasteland', '=', wasteland).where('key', 'in', keys).execute())
  await settle(sql`VACUUM (FULL) replies`.execute(db))
}
