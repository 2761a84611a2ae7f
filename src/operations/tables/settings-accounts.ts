import type { Kysely } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** The account that each login meant when it was listed, by login in lower case; null where nobody had it. */
export type ListedAccounts = ReadonlyMap<string, number | null>

/** The accounts that the logins in a repository's settings file mean. */
export async function findListedAccounts(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
): Promise<ListedAccounts> {
  const rows = await settle(
    db
      .selectFrom('settings_accounts')
      .select(['login', 'account_id'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', repositoryId)
      .execute(),
  )
  return new Map(rows.map((row) => [row.login, row.account_id]))
}

/**
 * Stores newly resolved accounts, and removes the logins that the file lists no longer. When two were resolved at once,
 * the first stays.
 */
export async function keepListedAccounts(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
  { learned, gone }: { learned: ListedAccounts; gone: readonly string[] },
): Promise<void> {
  const at = { wasteland, host, repository_id: repositoryId }
  const values = [...learned].map(([login, account_id]) => ({ ...at, login, account_id }))
  await settle(
    db.transaction().execute(async (tx) => {
      if (gone.length > 0)
        await tx
          .deleteFrom('settings_accounts')
          .where('wasteland', '=', wasteland)
          .where('host', '=', host)
          .where('repository_id', '=', repositoryId)
          .where('login', 'in', gone)
          .execute()
      if (values.length > 0)
        await tx
          .insertInto('settings_accounts')
          .values(values)
          .onConflict((on) => on.doNothing())
          .execute()
    }),
  )
}

/** The accounts that the logins in the settings files of these repositories mean, for every wasteland of this store. */
export async function listedAccountsOf(
  db: Kysely<Operations>,
  host: string,
  repositoryIds: readonly number[],
  limit: number,
): Promise<{ repositoryId: number; login: string; accountId: number | null }[]> {
  if (repositoryIds.length === 0) return []
  const rows = await settle(
    db
      .selectFrom('settings_accounts')
      .distinct()
      .select(['repository_id', 'login', 'account_id'])
      .where('host', '=', host)
      .where('repository_id', 'in', repositoryIds)
      .orderBy('repository_id')
      .orderBy('login')
      .limit(limit)
      .execute(),
  )
  return rows.map((row) => ({ repositoryId: row.repository_id, login: row.login, accountId: row.account_id }))
}
