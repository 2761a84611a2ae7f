import { sql } from 'kysely'
import { type OperationsStore, settle } from './store.ts'

/** How often any replica has dropped what it kept of GitHub's answers, as the memory of each asks before it answers. */
export interface Drops {
  count(): Promise<number>
  add(): Promise<void>
}

export function dropsOf({ db, wasteland }: OperationsStore): Drops {
  return {
    async count() {
      const row = await settle(
        db.selectFrom('memory_drops').select('drops').where('wasteland', '=', wasteland).executeTakeFirst(),
      )
      return row?.drops ?? 0
    },
    async add() {
      await settle(
        db
          .insertInto('memory_drops')
          .values({ wasteland, drops: 1 })
          .onConflict((on) => on.column('wasteland').doUpdateSet({ drops: sql`memory_drops.drops + 1` }))
          .execute(),
      )
    },
  }
}
