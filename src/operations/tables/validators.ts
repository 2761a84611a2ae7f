import { sql } from 'kysely'
import { dropOlder } from './drop-older.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * People who are known to validate in a repository, as GitHub confirmed. It grants nothing, for rights are checked each
 * time: it decides whose jobs come first, and whose request budget is the larger one.
 */
export interface Validators {
  has(repositoryId: number, accountId: number): boolean
  /** Stores GitHub's present answer about a person. */
  note(repositoryId: number, accountId: number, may: boolean): Promise<void>
  /** Loads the entries of other replicas. */
  load(): Promise<void>
}

/** An entry is refreshed at most once in this time. */
const FRESH_MS = 24 * 3_600_000

export function createValidators({ db, wasteland }: OperationsStore, host: string, now: () => Date): Validators {
  const known = new Map<string, number>()
  const keyOf = (repositoryId: number, accountId: number) => `${repositoryId}/${accountId}`
  return {
    has: (repositoryId, accountId) => known.has(keyOf(repositoryId, accountId)),
    async note(repository_id, account_id, may) {
      const key = keyOf(repository_id, account_id)
      const row = { wasteland, host, repository_id, account_id }
      if (!may) {
        if (!known.delete(key)) return
        const mine = db.deleteFrom('validators').where('wasteland', '=', wasteland).where('host', '=', host)
        await settle(mine.where('repository_id', '=', repository_id).where('account_id', '=', account_id).execute())
        return
      }
      const confirmed_at = now()
      if (confirmed_at.getTime() - (known.get(key) ?? 0) < FRESH_MS) return
      known.set(key, confirmed_at.getTime())
      await settle(
        db
          .insertInto('validators')
          .values({ ...row, confirmed_at })
          .onConflict((on) =>
            on.columns(['wasteland', 'host', 'repository_id', 'account_id']).doUpdateSet({ confirmed_at }),
          )
          .execute(),
      )
    },
    async load() {
      const rows = await settle(
        db.selectFrom('validators').selectAll().where('wasteland', '=', wasteland).where('host', '=', host).execute(),
      )
      known.clear()
      for (const row of rows) known.set(keyOf(row.repository_id, row.account_id), row.confirmed_at.getTime())
    },
  }
}

export const dropOldValidators = dropOlder('validators', sql.ref('confirmed_at'))
