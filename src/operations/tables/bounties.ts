import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The state of an open bounty that its pull requests were last notified of. */
export async function notifiedOf({ db, wasteland }: OperationsStore, wanted: string): Promise<string | undefined> {
  const row = await settle(
    db
      .selectFrom('bounties')
      .select('told')
      .where('wasteland', '=', wasteland)
      .where('wanted_id', '=', wanted)
      .executeTakeFirst(),
  )
  return row?.told
}

export async function saveNotified({ db, wasteland }: OperationsStore, wanted: string, told: string): Promise<void> {
  await settle(
    db
      .insertInto('bounties')
      .values({ wasteland, wanted_id: wanted, told })
      .onConflict((conflict) => conflict.columns(['wasteland', 'wanted_id']).doUpdateSet({ told }))
      .execute(),
  )
}
