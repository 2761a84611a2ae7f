import type { PullRequestRef, RepositoryRef } from '../domain/refs.ts'
import { type IssueLink, isIn, readIssueLink } from '../domain/issue-link.ts'
import { ledgerSeconds } from '../domain/time.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { ask } from '../github/github-answer.ts'
import type { PullRequest, RepositoryName } from '../github/pull-requests.ts'
import { findRepository } from '../github/repositories.ts'
import { postingOf } from '../operations/tables/item-origins.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { itemCompleted, itemNotCompleted } from '../replies/issue-status.ts'
import type { OperationsStore } from '../operations/schema.ts'
import type { PullRequestSnapshot } from './snapshot.ts'
import type { SyncedItem } from './types.ts'
import type { ShownItem } from '../replies/shown-item.ts'
import type { PublishDeps } from './sync-deps.ts'

interface IssueTarget {
  at: RepositoryRef
  /** Whether the settings there ask for quiet. */
  quiet: boolean
}

/**
 * Comments once on an item's issue that its work is completed, and edits the comment when it no longer is. Of several
 * pull requests the one whose work it is does so. An item that was completed before this version first started is not
 * reported.
 */
export async function notifyIssue(
  deps: PublishDeps,
  here: { place: PullRequestRef; snapshot: PullRequestSnapshot; quiet: boolean },
  { view: { item }, wanted, rest }: SyncedItem,
  { state }: Pick<ShownItem, 'state'>,
): Promise<void> {
  const isCompleted = rest === 'stamped' || rest === 'closed'
  if (item === undefined || (!isCompleted && item.status === 'completed')) return
  const key = `item/${wanted}`
  const isNews = isCompleted && (await isSince(deps.store, item))
  if (!isNews && (await findReply(deps.store, key)) === undefined) return
  const link = readIssueLink(item.description ?? '')
  const { pull } = here.snapshot
  const posted = link && (await postedAt(deps, { ...here, pull }, wanted, link))
  if (posted === undefined) return
  const stamps = state.is === 'stamped' ? state.stamps : []
  const text = isCompleted
    ? itemCompleted(item, { author: pull.author!.login, url: pull.url, stamps })
    : itemNotCompleted(item)
  const when = posted.quiet || !isCompleted ? 'if-said' : undefined
  // Its comments are told with a pull request of the same repository.
  const told = posted.at === here.place ? await here.snapshot.ownComments(link!.number) : undefined
  await deps.reply({ ...posted.at, number: link!.number }, key, text, { when, told })
}

async function isSince(store: OperationsStore, { updatedAt }: Partial<WantedDetails>): Promise<boolean> {
  // The ledger has whole seconds.
  return updatedAt != null && ledgerSeconds(updatedAt) >= Math.floor((await textFormsSince(store)).getTime() / 1000)
}

/**
 * The repository where an item was posted, if the bridge serves it. A peer may write any link into a row, so it must be
 * the one that our own commit names.
 */
async function postedAt(
  deps: PublishDeps,
  { place, pull, quiet }: { place: PullRequestRef; pull: PullRequest; quiet: boolean },
  wanted: string,
  link: IssueLink,
): Promise<IssueTarget | undefined> {
  const { repositoryId } = await postingOf(deps.store, deps.ledger, wanted)
  const { owner, repo } = link
  if (repositoryId === undefined || !isIn(link, deps.host, `${owner}/${repo}`)) return undefined
  if (repositoryId === pull.repository.id) return { at: place, quiet }
  const answer = await ask(elsewhere(deps, { owner, repo }, repositoryId))
  return 'known' in answer ? answer.known : undefined
}

async function elsewhere(deps: PublishDeps, name: RepositoryName, id: number): Promise<IssueTarget | undefined> {
  const installation = await deps.installationAt(name)
  if (installation === undefined) return undefined
  const at = { installation, ...name }
  const repository = await findRepository(deps, at)
  if (repository?.id !== id) return undefined
  const admitted = await deps.checkAdmission(at, repository)
  return 'refused' in admitted ? undefined : { at, quiet: admitted.settings.quiet }
}
