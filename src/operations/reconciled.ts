import { type OperationsStore, settle } from './store.ts'

/** Up to when each repository of a host has been compared with the ledger, by its id. */
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

export async function saveMark(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
  mark: Date,
): Promise<void> {
  await settle(
    db
      .insertInto('reconciled')
      .values({ wasteland, host, repository_id: repositoryId, mark })
      .onConflict((conflict) => conflict.columns(['wasteland', 'host', 'repository_id']).doUpdateSet({ mark }))
      .execute(),
  )
}
