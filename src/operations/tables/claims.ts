import { sql, type Selectable } from 'kysely'
import { batchedRead } from '../postgres/batched-read.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** A claim that no pull request made, and its expiry. */
export type StoredClaim = Omit<Selectable<Operations['claims']>, 'wasteland'>

/** Stores a claim, in place of any other on the item. */
export async function saveClaim({ db, wasteland }: OperationsStore, claim: StoredClaim): Promise<void> {
  await settle(
    db
      .insertInto('claims')
      .values({ wasteland, ...claim })
      .onConflict((conflict) => conflict.columns(['wasteland', 'wanted_id']).doUpdateSet({ ...claim }))
      .execute(),
  )
}

export async function listClaims({ db, wasteland }: OperationsStore): Promise<StoredClaim[]> {
  return settle(db.selectFrom('claims').selectAll().where('wasteland', '=', wasteland).orderBy('wanted_id').execute())
}

/** The claim on an item. */
export const findClaim = batchedRead(async ({ db, wasteland }, wanted: readonly string[]) => {
  const rows = await settle(
    db.selectFrom('claims').selectAll().where('wasteland', '=', wasteland).where('wanted_id', 'in', wanted).execute(),
  )
  const found = new Map(rows.map((row) => [row.wanted_id, row]))
  return wanted.map((id): StoredClaim | undefined => found.get(id))
})

export async function dropClaim({ db, wasteland }: OperationsStore, wanted: string): Promise<void> {
  await settle(db.deleteFrom('claims').where('wasteland', '=', wasteland).where('wanted_id', '=', wanted).execute())
}

/** Claims that are due to be announced or released, and rest on no pull request of the claimant. */
export async function dueClaims({ db, wasteland }: OperationsStore, now: Date): Promise<StoredClaim[]> {
  return settle(
    db
      .selectFrom('claims')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where((either) =>
        either.or([
          either('ends_at', '<=', now),
          either.and([either('announced', '=', false), either('announce_at', '<=', now)]),
        ]),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('pull_request_items as item')
              .select(sql`1`.as('one'))
              .whereRef('item.wasteland', '=', 'claims.wasteland')
              .whereRef('item.wanted_id', '=', 'claims.wanted_id')
              .whereRef('item.host', '=', 'claims.host')
              .whereRef('item.author_id', '=', 'claims.person_id')
              .where('item.linked', '=', true),
          ),
        ),
      )
      .orderBy('ends_at')
      .execute(),
  )
}
