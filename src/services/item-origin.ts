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

/** Where an item was posted, and whether others may judge it. */
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
  // The name may have been another repository's: the issue there must be the one that the item's id was made of.
  const issue = await getIssue(deps, place, link.number)
  return where(issue !== undefined && wantedId(deps.host, issue.id) === item.id ? 'same-issue' : 'other')
}

/**
 * Whether the author's role in this repository counts for an item. Where it does not, `elsewhere` is the repository
 * where the item was posted, as its text has it.
 */
export async function countsForItem(
  deps: ServiceDeps,
  context: Here,
  wanted: string,
): Promise<{ isHere: boolean; elsewhere?: string }> {
  const item = await deps.ledger.read((db) => describeWanted(db, wanted))
  if (item === undefined) return { isHere: false }
  const { posted, opened, keptId, link } = await whereItWasPosted(deps, context, item)
  if (roleCounts({ posted, opened, roleThere: undefined })) return { isHere: true }
  const name = link && { owner: link.owner, repo: link.repo }
  const there = name && (await roleAt(deps, name, context.author))
  // A name in a text may lead to another repository by now.
  const isThere = there !== undefined && keptId !== undefined && there.repository.id === keptId
  const isHere = roleCounts({ posted, opened, roleThere: isThere ? there.role : undefined })
  return isHere || link === undefined ? { isHere } : { isHere, elsewhere: `${link.owner}/${link.repo}` }
}
