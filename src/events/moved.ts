import { isIn, readIssueLink, sameUrlIn } from '../domain/issue-link.ts'
import { type Account, BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { clip } from '../domain/text.ts'
import { postedIn } from '../domain/wanted.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { itemsLinked, setDescription } from '../ledger/tables/wanted.ts'
import { moveClaims, moveItems, type RepositoryPlace } from '../operations/tables/repository-names.ts'
import type { SyncItemDeps } from '../pull-requests/types.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'

/** The cause of a move, and the account that moved it where that is known. */
export interface MovedBy {
  delivery: string
  sender: string
  author?: Account | undefined
  /** The id of the repository that an issue has moved to, where that is another. */
  repositoryId?: number | undefined
}

/** Updates our rows and the links of items after a repository got another name, owner or installation. */
export async function followMove(
  deps: SyncItemDeps,
  from: RepositoryName,
  to: RepositoryPlace,
  by: MovedBy,
): Promise<void> {
  await moveItems(deps.store, deps.host, to)
  await moveClaims(deps.store, deps.host, from, to)
  const was = `${from.owner}/${from.repo}`
  const found = await deps.ledger.read((db) => itemsLinked(db, `http%://%/${was}/issues/`))
  for (const { id, link } of found)
    if (isIn(link, deps.host, was)) await relink(deps, id, link.url, sameUrlIn(link, to), by)
}

/**
 * Replaces the link at the start of an item's description, in a commit of its own. The rest of the description stays.
 */
export async function relink(deps: SyncItemDeps, id: string, from: string, to: string, by: MovedBy): Promise<void> {
  const { author, delivery, sender, repositoryId } = by
  const isNamed = author?.type === 'User' && !(await deps.optOuts.has(deps.host, author.id))
  await deps.ledger.transact(async (db) => {
    const { description = '' } = (await describeWanted(db, id)) ?? {}
    const link = readIssueLink(description)
    if (link === undefined || link.url !== from || link.url === to) return { value: undefined }
    await setDescription(db, id, clip(to + description.slice(link.url.length), 4000))
    return {
      value: undefined,
      commit: {
        author: isNamed ? commitAuthor(author) : BRIDGE_AUTHOR,
        subject: `wl update: ${id}`,
        trailers: {
          Delivery: delivery,
          Sender: sender,
          Reason: `moved to ${to}`,
          ...(repositoryId !== undefined && { 'Posted-In': postedIn(repositoryId, id) }),
        },
      },
      verifyAfter: async (after) => readIssueLink((await describeWanted(after, id))?.description ?? '')?.url === to,
    }
  })
}
