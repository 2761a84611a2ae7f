import { sql } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * The number of invalidations of the permission cache by any replica; each replica compares it before it answers from
 * its cache.
 */
export interface Invalidations {
  count(): Promise<number>
  add(): Promise<void>
}

export function createInvalidations({ db, wasteland }: OperationsStore): Invalidations {
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
