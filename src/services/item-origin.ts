import { type Posted, postedWhere, roleCounts } from '../authorization/posted.ts'
import { wantedId } from '../domain/ids.ts'
import { type IssueLink, isIn, readIssueLink } from '../domain/issue-link.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { getIssue } from '../github/repositories.ts'
import { postingOf } from '../operations/tables/item-origins.ts'
import { roleAt } from './other-repository.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

type Here = Pick<CommandContext, 'place' | 'repository' | 'author'>

interface PostedAt {
  posted: Posted
  opened: boolean
  keptId: number | undefined
  link: IssueLink | undefined
}

/** Finds where an item was posted, and whether people who validate in other repositories may judge it too. */
export async function whereItWasPosted(
  deps: ServiceDeps,
  { place, repository }: Here,
  item: Pick<WantedDetails, 'id' | 'description'>,
): Promise<PostedAt> {
  const { repositoryId: keptId, opened } = await postingOf(deps.store, deps.ledger, item.id)
  const link = readIssueLink(item.description)
  const told = { opened, keptId, link }
  const where = (is: 'none' | 'same-issue' | 'other') => ({
    ...told,
    posted: postedWhere({ keptId, link: is }, repository.id),
  })
  if (keptId !== undefined || link === undefined) return where('none')
  if (!isIn(link, deps.host, repository.fullName)) return where('other')
  // The name may have been another repository's before: the item's id must have been made from the id of this issue.
  const issue = await getIssue(deps, place, link.number)
  return where(issue !== undefined && wantedId(deps.host, issue.id) === item.id ? 'same-issue' : 'other')
}

/**
 * Whether the author's role in this repository counts for an item, by the ledger's head of now: its poster may have
 * taken that back while GitHub was asked. Where it does not, `elsewhere` is the repository where the item was posted, by
 * the link in its description.
 */
export async function countsForItem(
  deps: ServiceDeps,
  context: Here,
  wanted: string,
  /** Its description, where it was read just now. */
  description?: string,
): Promise<{ isHere: boolean; elsewhere?: string }> {
  const item =
    description === undefined ? await deps.ledger.read((db) => describeWanted(db, wanted)) : { id: wanted, description }
  if (item === undefined) return { isHere: false }
  const { posted, opened, keptId, link } = await whereItWasPosted(deps, context, item)
  if (roleCounts({ posted, opened, roleThere: undefined })) return { isHere: true }
  const name = link && { owner: link.owner, repo: link.repo }
  const there = name && (await roleAt(deps, name, context.author))
  // The name in a description may belong to another repository by now.
  const isThere = there !== undefined && keptId !== undefined && there.repository.id === keptId
  const isHere = roleCounts({ posted, opened, roleThere: isThere ? there.role : undefined })
  return isHere || link === undefined ? { isHere } : { isHere, elsewhere: `${link.owner}/${link.repo}` }
}
