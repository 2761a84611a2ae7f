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

/** The items that a pull request names, with GitHub's answer about the issues that it closes. */
export interface PullRequestReferences extends References {
  links: GitHubAnswer<unknown>
}

/** Reads all items that a pull request names: by labels, by lines, and by the posted issues that it closes. */
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

/** The items that were posted from these issues. Issues without an item are left out silently: most have none. */
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
 * True for an item that a pull request may still name by an issue that it closes, while GitHub does not show that
 * issue. For an issue in the pull request's own repository a partial answer is as good as a whole one: else whoever
 * links an issue of an organization that refuses the App would keep all their items for ever.
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
