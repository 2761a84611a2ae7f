import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The time up to which each repository of a host has been reconciled with the ledger, by the repository's id. */
export async function listMarks({ db, wasteland }: OperationsStore, host: string): Promise<Map<number, Date>> {
  const rows = await settle(
    db
      .selectFrom('reconciled')
      .select(['repository_id', 'mark'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .execute(),
  )
  return new Map(rows.map((row) => [row.repository_id, new Date(row.mark)]))
}

/** Must be called once a repository was reconciled, and its older notes of reverts are being examined. */
export async function saveMark(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
  mark: Date,
): Promise<void> {
  await settle(
    db
      .insertInto('reconciled')
      .values({ wasteland, host, repository_id: repositoryId, mark, reverts_checked: true })
      .onConflict((conflict) =>
        conflict.columns(['wasteland', 'host', 'repository_id']).doUpdateSet({ mark, reverts_checked: true }),
      )
      .execute(),
  )
}

/** False until notes of reverts, which older versions made without reading the diff, were examined. */
export async function revertsChecked(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
): Promise<boolean> {
  const row = await settle(
    db
      .selectFrom('reconciled')
      .select('reverts_checked')
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', repositoryId)
      .executeTakeFirst(),
  )
  return row?.reverts_checked === true
}
