import { sql } from 'kysely'
import type { KnownRepository, RepositoryRef } from '../../domain/refs.ts'
import type { PullRequestItem, PullRequestPlace } from './pull-request-items.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** The present address of a repository, and the installation that reaches it. */
export type RepositoryPlace = Omit<PullRequestPlace, 'number'>

/** A repository as our rows and jobs name it. */
export function placeOf({ installation, owner, repo }: RepositoryRef, repositoryId: number): RepositoryPlace {
  return { installation_id: installation, repository_id: repositoryId, owner, repo }
}

/** The repository that a row or a job names. */
export function repositoryAt({
  installation_id: installation,
  repository_id: id,
  owner,
  repo,
}: RepositoryPlace): KnownRepository {
  return { installation, id, owner, repo }
}

function items({ db, wasteland }: OperationsStore, host: string) {
  return db
    .selectFrom('pull_request_items')
    .selectAll()
    .where('wasteland', '=', wasteland)
    .where('host', '=', host)
    .orderBy('pull_request_id')
    .orderBy('wanted_id')
}

/** Every item that a pull request of a repository refers to, or once did. */
export async function itemsEverIn(
  store: OperationsStore,
  host: string,
  repositoryId: number,
): Promise<PullRequestItem[]> {
  return settle(items(store, host).where('repository_id', '=', repositoryId).execute())
}

/** Items that wait or are claimed in the repositories that an installation reached when we last looked. */
export async function itemsReachedBy(
  store: OperationsStore,
  host: string,
  installationId: number,
): Promise<PullRequestItem[]> {
  return settle(items(store, host).where('linked', '=', true).where('installation_id', '=', installationId).execute())
}

/** The last known address of each repository that has a pull request with an item. */
export async function notedPlaces({ db, wasteland }: OperationsStore, host: string): Promise<RepositoryPlace[]> {
  return settle(
    db
      .selectFrom('pull_request_items')
      .distinct()
      .select(['installation_id', 'repository_id', 'owner', 'repo'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('linked', '=', true)
      .execute(),
  )
}

/** The repositories in which an account has, or once had, pull requests that name an item. */
export async function placesWorkedIn(
  { db, wasteland }: OperationsStore,
  host: string,
  authorId: number,
): Promise<RepositoryPlace[]> {
  return settle(
    db
      .selectFrom('pull_request_items')
      .distinct()
      .select(['installation_id', 'repository_id', 'owner', 'repo'])
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('author_id', '=', authorId)
      .orderBy('repository_id')
      .execute(),
  )
}

/** Updates our rows for a repository with another name, owner or installation. */
export async function moveItems(
  { db, wasteland }: OperationsStore,
  host: string,
  { repository_id: id, ...place }: RepositoryPlace,
): Promise<void> {
  await settle(
    db
      .updateTable('pull_request_items')
      .set(place)
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('repository_id', '=', id)
      .execute(),
  )
}

/** The same for claims, which are stored by the repository's name. */
export async function moveClaims(
  { db, wasteland }: OperationsStore,
  host: string,
  from: { owner: string; repo: string },
  { installation_id, owner, repo }: RepositoryPlace,
): Promise<void> {
  await settle(
    db
      .updateTable('claims')
      .set({ installation_id, owner, repo })
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where(sql<boolean>`lower(owner) = ${from.owner.toLowerCase()} AND lower(repo) = ${from.repo.toLowerCase()}`)
      .execute(),
  )
}
