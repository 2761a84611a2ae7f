import { fullName } from '../access.ts'
import { latestStatuses } from '../acts/checks.ts'
import { userNode } from '../commit-node.ts'
import type { Commit } from '../git.ts'
import { accountOfEmail, commitNodeId, stats } from '../present/commit.ts'
import { nodeId } from '../ids.ts'
import { issuePage } from '../present/issue.ts'
import { commitsOf, filesOf } from '../pulls.ts'
import { Refusal } from '../refusal.ts'
import { repository, type Ask } from '../rest/ask.ts'
import { seen } from '../rest/reviews.ts'
import type { CheckRun, PullRequest, Repository, TimelineEvent } from '../world.ts'
import { presentActor } from './actor.ts'
import { connection, type Paged } from './connection.ts'
import { Failure } from './failure.ts'

/** What GraphQL tells of a pull request itself, beside what it shares with issues. */
export function pullNode(ask: Ask, repo: Repository, issue: PullRequest): object {
  const { world } = ask
  const { pull } = issue
  const counts = () => stats(filesOf(world, repo, issue))
  return {
    fullDatabaseId: String(pull.id),
    url: issuePage(world, repo, issue),
    title: issue.title,
    state: pull.merged ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged !== null,
    mergeCommit: pull.merged && { oid: pull.merged.sha },
    headRefOid: pull.head.sha,
    baseRefName: pull.base.branch,
    baseRefOid: pull.base.sha,
    author: () => presentActor(world, issue.userId),
    labels: (page: Paged) => connection(page, issue.labels.length, (n) => ({ name: issue.labels[n]!.name })),
    additions: () => counts().additions,
    deletions: () => counts().deletions,
    changedFiles: () => filesOf(world, repo, issue).length,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    mergedAt: pull.merged?.at ?? null,
    commits(page: Paged) {
      const all = commitsOf(world, repo, issue)
      return connection(page, all.length, (n) => ({ commit: pullCommit(ask, repo, all[n]!) }))
    },
    reviews(page: Paged) {
      const all = seen(ask, issue)
      return connection(page, all.length, (n) => reviewNode(ask, all[n]!))
    },
    timelineItems({ itemTypes, ...page }: Paged & { itemTypes?: string[] }) {
      const all = issue.events.filter(({ event }) => itemTypes?.includes(`${event.toUpperCase()}_EVENT`) !== false)
      return connection(page, all.length, (n) => eventNode(repo, all[n]!))
    },
  }
}

function reviewNode({ world }: Ask, { userId, state, commitSha, submittedAt }: ReturnType<typeof seen>[number]) {
  return { author: presentActor(world, userId), state, commit: { oid: commitSha }, submittedAt }
}

/** A commit of a pull request. It has only the fields that are queried of one. */
function pullCommit(ask: Ask, repo: Repository, commit: Commit) {
  const userOf = ({ email }: { email: string }) => ({ user: userNode(accountOfEmail(ask.world, email)) })
  return {
    id: commitNodeId(repo, commit.sha),
    oid: commit.sha,
    tree: { oid: commit.tree },
    message: commit.message,
    committedDate: commit.committer.date,
    author: userOf(commit.author),
    committer: userOf(commit.committer),
    signature: commit.signed === true ? { __typename: 'GpgSignature', isValid: true } : null,
    parents: (page: Paged) => connection(page, commit.parents.length, (n) => ({ oid: commit.parents[n] })),
    statusCheckRollup: () => rollup(ask, repo, commit.sha),
  }
}

/**
 * Null where the commit has neither checks nor statuses. Runs that were run again are shown beside the latest (seen by
 * others, erwins-enkel/shepherd#1388).
 */
function rollup(ask: Ask, repo: Repository, sha: string) {
  demandChecks(ask, repo)
  const statuses = latestStatuses(repo, sha).map(({ context, state }) => ({
    __typename: 'StatusContext',
    context,
    state: state.toUpperCase(),
  }))
  const runs = repo.checkRuns.filter((run) => run.sha === sha)
  const all = [...runs.map((run) => runNode(ask, repo, run)), ...statuses]
  return all.length === 0 ? null : { contexts: (page: Paged) => connection(page, all.length, (n) => all[n]!) }
}

function demandChecks(ask: Ask, repo: Repository): void {
  const [owner = '', name = ''] = fullName(ask.world, repo).split('/')
  try {
    repository({ ...ask, params: { owner, repo: name } }, 'read', 'checks')
  } catch (error) {
    throw error instanceof Refusal ? new Failure('FORBIDDEN', error.message) : error
  }
}

export function runNode({ world }: Ask, repo: Repository, run: CheckRun) {
  const { id, name, status, conclusion, startedAt, viaApp, suiteId } = run
  return {
    startedAt,
    __typename: 'CheckRun',
    id: nodeId('CR', repo.id, id),
    databaseId: null,
    name,
    status: status.toUpperCase(),
    conclusion: conclusion?.toUpperCase() ?? null,
    checkSuite: { id: nodeId('CS', repo.id, suiteId), app: { databaseId: viaApp ? world.app.id : 15368 } },
  }
}

/** An event of the timeline. A label is shown as it is now, and one that is deleted is an error. */
function eventNode(repo: Repository, { event, createdAt, label: then, labelId }: TimelineEvent) {
  const words = event.split('_').map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`)
  const label = () => {
    const found = repo.labels.find(({ id, name }) => (labelId === undefined ? name === then?.name : id === labelId))
    if (found === undefined) throw new Refusal(404, 'Could not resolve to a Label.')
    const { name, createdAt: made = repo.createdAt, updatedAt = made } = found
    return { name, createdAt: made, updatedAt }
  }
  return { __typename: `${words.join('')}Event`, createdAt, ...(then && { label }) }
}
