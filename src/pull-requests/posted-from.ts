import { isIn, readIssueLink } from '../domain/issue-link.ts'
import type { KnownRepository, PullRequestRef } from '../domain/refs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { namedBy } from './named-items.ts'

/** A pull request, and the number of its repository where that is known. */
export type KnownPullRequest = PullRequestRef & Partial<Pick<KnownRepository, 'id'>>

interface IssueDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
}

/**
 * The numbers of the issues of its own repository that a pull request's items were posted from, as far as we know them
 * before we ask GitHub: their texts are asked with it. `labels`: those that an event says it has.
 */
export async function issuesOf(
  deps: IssueDeps,
  { id, owner, repo, number }: KnownPullRequest,
  labels: readonly string[] = [],
): Promise<number[]> {
  const items = id === undefined ? [] : await itemsAt(deps.store, deps.host, { repository_id: id, number })
  const named = labels.length === 0 ? [] : (await namedBy(deps, { owner, repo }, { labels, body: '' })).items
  const ids = new Set([...items.map((item) => item.wanted_id), ...named.map(({ wanted }) => wanted)])
  if (ids.size === 0) return []
  const wanted = await deps.ledger.read((db) => Promise.all([...ids].map((one) => describeWanted(db, one))))
  const links = wanted.map((item) => readIssueLink(item?.description ?? ''))
  return [...new Set(links.flatMap((link) => (isIn(link, deps.host, `${owner}/${repo}`) ? link!.number : [])))]
}
