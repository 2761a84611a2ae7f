import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * The account that had an admitted name when it was first seen, and the repository where the name is a repository's.
 */
export interface AdmittedIds {
  ownerId: number
  repositoryId: number | undefined
}

/** By name, in lower case. */
export async function findAdmittedNames(
  { db, wasteland }: OperationsStore,
  host: string,
): Promise<Map<string, AdmittedIds>> {
  const rows = await settle(
    db
      .selectFrom('admitted_names')
      .select(['name', 'owner_id', 'repository_id'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .execute(),
  )
  return new Map(
    rows.map(({ name, owner_id, repository_id }) => [
      name,
      { ownerId: owner_id, repositoryId: repository_id ?? undefined },
    ]),
  )
}

/** Stores the ids of a name; of two that were seen at once the first stays. */
export async function keepAdmittedName(
  { db, wasteland }: OperationsStore,
  host: string,
  name: string,
  { ownerId, repositoryId }: AdmittedIds,
): Promise<void> {
  await settle(
    db
      .insertInto('admitted_names')
      .values({ wasteland, host, name, owner_id: ownerId, repository_id: repositoryId ?? null })
      .onConflict((on) => on.doNothing())
      .execute(),
  )
}

/**
 * Whether a pull request was noted for a repository of this name, and none for the repository that has the name now.
 */
export async function wasAnother(
  { db, wasteland }: OperationsStore,
  host: string,
  { owner, repo, id }: { owner: string; repo: string; id: number },
): Promise<boolean> {
  const rows = await settle(
    db
      .selectFrom('pull_request_items')
      .distinct()
      .select('repository_id')
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where(({ eb, fn, val }) => eb(fn<string>('lower', ['owner']), '=', val(owner.toLowerCase())))
      .where(({ eb, fn, val }) => eb(fn<string>('lower', ['repo']), '=', val(repo.toLowerCase())))
      .execute(),
  )
  return rows.length > 0 && rows.every((row) => row.repository_id !== id)
}
