import { type Selectable } from 'kysely'
import { rewriteTable } from './rewrite-table.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** An erasure under way, with its person. */
export type Erasure = Omit<Selectable<Operations['forgetting']>, 'wasteland'>

/** Stores the erasure before it begins, so that it is resumed after a crash. */
export async function beginErasure({ db, wasteland }: OperationsStore, person: Erasure): Promise<void> {
  await settle(
    db
      .insertInto('forgetting')
      .values({ wasteland, ...person })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

export async function listErasures({ db, wasteland }: OperationsStore): Promise<Erasure[]> {
  return settle(
    db.selectFrom('forgetting').select(['host', 'github_id', 'login']).where('wasteland', '=', wasteland).execute(),
  )
}

/** The numeric id of the person of this login whose erasure is under way. */
export async function findErasure(
  { db, wasteland }: OperationsStore,
  host: string,
  login: string,
): Promise<number | undefined> {
  const of = db.selectFrom('forgetting').select('github_id').where('wasteland', '=', wasteland)
  const row = await settle(
    of.where('host', '=', host).where('login', '=', login.toLowerCase()).limit(1).executeTakeFirst(),
  )
  return row?.github_id
}

/** The last step: removes even the record that somebody was erased, from the rows and from the table's file. */
export async function endErasure(
  { db, wasteland }: OperationsStore,
  { host, github_id }: Pick<Erasure, 'host' | 'github_id'>,
): Promise<void> {
  await settle(
    db
      .deleteFrom('forgetting')
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('github_id', '=', github_id)
      .execute(),
  )
  await rewriteTable(db, 'forgetting')
}
