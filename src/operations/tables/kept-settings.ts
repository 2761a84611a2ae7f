import type { Selectable } from 'kysely'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** The last seen state of a repository's settings file, and its last good text. */
export type KeptSettings = Pick<Selectable<Operations['settings']>, 'sha' | 'broken' | 'good'>

export async function findSettings(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
): Promise<KeptSettings | undefined> {
  return settle(
    db
      .selectFrom('settings')
      .select(['sha', 'broken', 'good'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', repositoryId)
      .executeTakeFirst(),
  )
}

/** Stores the state; undefined when the file is gone. */
export async function keepSettings(
  { db, wasteland }: OperationsStore,
  host: string,
  repositoryId: number,
  settings: KeptSettings | undefined,
): Promise<void> {
  if (settings === undefined) {
    await settle(
      db
        .deleteFrom('settings')
        .where('wasteland', '=', wasteland)
        .where('host', '=', host)
        .where('repository_id', '=', repositoryId)
        .execute(),
    )
    return
  }
  await settle(
    db
      .insertInto('settings')
      .values({ wasteland, host, repository_id: repositoryId, ...settings })
      .onConflict((conflict) => conflict.columns(['wasteland', 'host', 'repository_id']).doUpdateSet({ ...settings }))
      .execute(),
  )
}
