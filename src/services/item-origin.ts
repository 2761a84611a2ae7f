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

/** The consent of an item's poster, by which the roles of another repository count for it. */
export interface PosterConsent {
  wanted: string
  /** The repository where the item was posted, by the link in its description. */
  elsewhere: string | undefined
}

/**
 * Whether the author's role in this repository counts for an item, by the ledger's head of now. `byConsent`: it does
 * because the item's poster has consented, who may take that back, so the transaction reads it again. `elsewhere`: the
 * repository where the item was posted, by the link in its description, where the role does not count.
 */
export async function countsForItem(
  deps: ServiceDeps,
  context: Here,
  wanted: string,
  /** Its description, where it was read just now. */
  description?: string,
): Promise<{ isHere: boolean; byConsent?: PosterConsent; elsewhere?: string }> {
  const item =
    description === undefined ? await deps.ledger.read((db) => describeWanted(db, wanted)) : { id: wanted, description }
  if (item === undefined) return { isHere: false }
  const { posted, opened, keptId, link } = await whereItWasPosted(deps, context, item)
  const claim = { posted, opened: false, roleThere: undefined }
  if (roleCounts(claim)) return { isHere: true }
  const name = link && { owner: link.owner, repo: link.repo }
  const elsewhere = name && `${name.owner}/${name.repo}`
  if (roleCounts({ ...claim, opened })) return { isHere: true, byConsent: { wanted, elsewhere } }
  const there = name && (await roleAt(deps, name, context.author))
  // The name in a description may belong to another repository by now.
  const isThere = there !== undefined && keptId !== undefined && there.repository.id === keptId
  const isHere = roleCounts({ ...claim, roleThere: isThere ? there.role : undefined })
  return isHere || elsewhere === undefined ? { isHere } : { isHere, elsewhere }
}
