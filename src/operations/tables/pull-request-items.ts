import type { Selectable } from 'kysely'
import { joinedRead, joinedReadOfPullRequests } from '../postgres/joined-read.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

export type PullRequestItem = Omit<Selectable<Operations['pull_request_items']>, 'wasteland' | 'capped'>

/** The address of a pull request: installation, repository and number. */
export type PullRequestPlace = Pick<PullRequestItem, 'installation_id' | 'repository_id' | 'owner' | 'repo' | 'number'>

/**
 * Stores that a pull request refers to an item, or (`linked: false`) no longer does. Resolves to whether that is new.
 * `before`: its row, where it was read just now.
 */
export async function saveItem(
  store: OperationsStore,
  item: PullRequestItem,
  before?: PullRequestItem,
): Promise<boolean> {
  const { db, wasteland } = store
  // Most calls find nothing new, and a write waits for the disk.
  if (isSaved(item, before ?? (await savedRow(store, item)))) return false
  await settle(
    db
      .insertInto('pull_request_items')
      .values({ wasteland, ...item, capped: false })
      .onConflict((conflict) =>
        conflict.columns(['wasteland', 'host', 'pull_request_id', 'wanted_id']).doUpdateSet({ ...item, capped: false }),
      )
      .execute(),
  )
  return true
}

/** Every item that a pull request refers to or once did. */
export const itemsOf = joinedReadOfPullRequests(({ db, wasteland }, { hosts, ids }) =>
  db
    .selectFrom('pull_request_items')
    .selectAll()
    .where('wasteland', '=', wasteland)
    .where('host', 'in', hosts)
    .where('pull_request_id', 'in', ids)
    .orderBy('wanted_id'),
)

async function savedRow(store: OperationsStore, item: PullRequestItem): Promise<PullRequestItem | undefined> {
  const all = await itemsOf(store, item.host, item.pull_request_id)
  return all.find((one) => one.wanted_id === item.wanted_id)
}

function isSaved(
  { linked_at, ...item }: PullRequestItem,
  saved: (PullRequestItem & { capped?: boolean }) | undefined,
): boolean {
  const isSame = (name: keyof typeof item) => saved?.[name] === item[name]
  return (
    saved?.capped === false &&
    new Date(saved.linked_at).getTime() === new Date(linked_at).getTime() &&
    (Object.keys(item) as (keyof typeof item)[]).every(isSame)
  )
}

/** Stores that the author's cap on claims keeps a pull request from an item for now. */
export async function setCapped(
  { db, wasteland }: OperationsStore,
  item: Pick<PullRequestItem, 'host' | 'pull_request_id' | 'wanted_id'>,
): Promise<void> {
  await settle(
    db
      .updateTable('pull_request_items')
      .set({ capped: true })
      .where('wasteland', '=', wasteland)
      .where('host', '=', item.host)
      .where('pull_request_id', '=', item.pull_request_id)
      .where('wanted_id', '=', item.wanted_id)
      .execute(),
  )
}

/** Links that wait because of a cap, of everybody or of one person; the oldest link first. */
export async function cappedItems({ db, wasteland }: OperationsStore, authorId?: number): Promise<PullRequestItem[]> {
  let items = db
    .selectFrom('pull_request_items')
    .selectAll()
    .where('wasteland', '=', wasteland)
    .where('linked', '=', true)
    .where('capped', '=', true)
  if (authorId !== undefined) items = items.where('author_id', '=', authorId)
  return settle(items.orderBy('linked_at').orderBy('pull_request_id').execute())
}

/** The pull requests that refer to an item now, the oldest link first. Those that may not have it are left out. */
export const contendersFor = joinedRead(
  ({ db, wasteland }, wanted: readonly string[]) =>
    db
      .selectFrom('pull_request_items')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('wanted_id', 'in', wanted)
      .where('linked', '=', true)
      .where('capped', '=', false)
      .orderBy('linked_at')
      .orderBy('pull_request_id'),
  (rows, wanted) => wanted.map((id): PullRequestItem[] => rows.filter((row) => row.wanted_id === id)),
)

/** The pull request by which a person named an item last, whether it still does so or not. */
export async function lastPullOf(
  { db, wasteland }: OperationsStore,
  of: Pick<PullRequestItem, 'wanted_id' | 'host' | 'author_id'>,
): Promise<PullRequestItem | undefined> {
  return settle(
    db
      .selectFrom('pull_request_items')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('wanted_id', '=', of.wanted_id)
      .where('host', '=', of.host)
      .where('author_id', '=', of.author_id)
      .orderBy('linked_at', 'desc')
      .orderBy('pull_request_id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  )
}

/** Every pull request that refers to one of these items or once did. */
export async function pullRequestsOn(
  { db, wasteland }: OperationsStore,
  host: string,
  wanted: readonly string[],
): Promise<PullRequestItem[]> {
  if (wanted.length === 0) return []
  return settle(
    db
      .selectFrom('pull_request_items')
      .distinctOn('pull_request_id')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('wanted_id', 'in', wanted)
      .orderBy('pull_request_id')
      .execute(),
  )
}

function linkedItems({ db, wasteland }: OperationsStore, host: string) {
  return db
    .selectFrom('pull_request_items')
    .selectAll()
    .where('wasteland', '=', wasteland)
    .where('host', '=', host)
    .where('linked', '=', true)
}

/** The items that an account's pull requests refer to now. */
export async function authoredItems(
  store: OperationsStore,
  host: string,
  authorId: number,
): Promise<PullRequestItem[]> {
  return settle(linkedItems(store, host).where('author_id', '=', authorId).orderBy('pull_request_id').execute())
}

/** The items that one pull request of a repository refers to now. */
export async function itemsAt(
  store: OperationsStore,
  host: string,
  at: Pick<PullRequestPlace, 'repository_id' | 'number'>,
): Promise<PullRequestItem[]> {
  return settle(
    linkedItems(store, host).where('repository_id', '=', at.repository_id).where('number', '=', at.number).execute(),
  )
}

/** The pull requests of a repository that refer to an item now (its label was deleted or renamed). */
export async function itemsIn(store: OperationsStore, host: string, repositoryId: number): Promise<PullRequestItem[]> {
  return settle(linkedItems(store, host).where('repository_id', '=', repositoryId).orderBy('pull_request_id').execute())
}

/**
 * Unlinks a person's pull requests from their items. Returns them, and for each of these items the pull request that
 * has waited longest for it.
 */
export async function releaseItemsOf(
  store: OperationsStore,
  host: string,
  authorId: number,
): Promise<PullRequestItem[]> {
  const { db, wasteland } = store
  const released = await settle(
    db
      .updateTable('pull_request_items')
      .set({ linked: false })
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('author_id', '=', authorId)
      .returningAll()
      .execute(),
  )
  const named = [...new Set(released.map((item) => item.wanted_id))]
  const first = await Promise.all(named.map(async (wanted) => (await contendersFor(store, wanted))[0]))
  return [...released, ...first.filter((item) => item !== undefined)]
}

/** The largest number of a person's pull requests that are refreshed when they come back. */
const MOST_OF_ONE = 50

/** The pull requests of an author that name items, newest first. */
export async function pullRequestsOf(
  { db, wasteland }: OperationsStore,
  host: string,
  authorId: number,
): Promise<PullRequestPlace[]> {
  const rows = await settle(
    db
      .selectFrom('pull_request_items')
      .selectAll()
      .where('wasteland', '=', wasteland)
      .where('host', '=', host)
      .where('author_id', '=', authorId)
      .orderBy('pull_request_id', 'desc')
      .limit(MOST_OF_ONE)
      .execute(),
  )
  return [...new Map(rows.map((row) => [row.pull_request_id, row])).values()]
}
