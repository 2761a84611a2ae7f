import { isIn, readIssueLink } from '../domain/issue-link.ts'
import { type GitHubAnswer, refusalIn } from '../github/github-answer.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import { namedNow } from './named-items.ts'
import { mergeReferences, type Reference, type References } from './references.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'

interface ClosingIssueDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
}

/** What a pull request names, and what GitHub tells of the issues that it closes. */
export interface PullRequestReferences extends References {
  links: GitHubAnswer<unknown>
}

/** All that a pull request names: by labels, by lines, and by the posted issues that it closes. */
export async function referencesOf(
  deps: ClosingIssueDeps,
  snapshot: PullRequestSnapshot,
): Promise<PullRequestReferences> {
  const [owner = '', repo = ''] = snapshot.pull.repository.fullName.split('/')
  const links = await snapshot.closingIssues()
  const closing = 'known' in links ? await itemsOfIssues(deps, links.known) : []
  const named = await namedNow(deps, { owner, repo }, { ...snapshot.pull, editedAt: snapshot.editedAt })
  return { ...mergeReferences(named, closing), links }
}

/** Issues that are on no board are left out without a word: most issues are. */
async function itemsOfIssues(
  { host, ledger }: Pick<ClosingIssueDeps, 'host' | 'ledger'>,
  issues: readonly { id: number; url: string }[],
) {
  const found = await ledger.read((db) => Promise.all(issues.map((issue) => findWantedOf(db, host, issue))))
  return found.flatMap((item): Reference[] =>
    item === undefined ? [] : [{ wanted: item.id, label: undefined, certain: true }],
  )
}

/**
 * True of an item that a pull request may go on naming by an issue that it closes, of which GitHub does not tell now. Of
 * an issue in the pull request's own repository a part of the answer tells as much as all of it: else whoever links an
 * issue of an organization that refuses us would keep all their items for ever.
 */
export async function mayStillClose(
  { host, ledger }: Pick<ClosingIssueDeps, 'host' | 'ledger'>,
  { repository }: Pick<PullRequest, 'repository'>,
  links: GitHubAnswer<unknown>,
  wanted: string,
): Promise<boolean> {
  if (refusalIn(links) === undefined) return false
  const item = await ledger.read((db) => describeWanted(db, wanted))
  const issue = readIssueLink(item?.description ?? '')
  if (issue === undefined) return false
  return 'refused' in links || !isIn(issue, host, repository.fullName)
}
