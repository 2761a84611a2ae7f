import type { Installations } from '../github/client.ts'
import type { PullRequestRef, RepositoryRef } from '../domain/refs.ts'
import { Unavailable } from '../domain/errors.ts'
import { ask, type GitHubAnswer } from '../github/github-answer.ts'
import { type Changes, FILES_AT_ONCE, listChanges, readDiffText } from '../github/changes.ts'
import { type Checks, countChecks } from '../github/checks.ts'
import { listCommits } from '../github/commits.ts'
import type { AppIdentity } from '../github/github.ts'
import { listClosingIssues } from '../github/linked-issues.ts'
import {
  getPullRequest,
  listEvents,
  listReviews,
  type PullRequest,
  type Review,
  type TimelineEvent,
} from '../github/pull-requests.ts'
import { readEditedAt } from '../github/pull-text.ts'
import { type DiffHash, hashDiff } from './diff.ts'

/**
 * A pull request as GitHub describes it at one moment. Each part is fetched when it is first needed, and once. A new
 * decision takes a new snapshot; what only follows from a decision (the status after a stamp) is shown from the same
 * snapshot, for a change in between has an event of its own, which waits in the same queue.
 */
export interface PullRequestSnapshot {
  pull: PullRequest
  closingIssues(): Promise<GitHubAnswer<{ id: number; url: string }[]>>
  commits(): ReturnType<typeof listCommits>
  reviews(): Promise<Review[]>
  checks(): Promise<GitHubAnswer<Checks | undefined>>
  /** Undefined where GitHub does not tell. */
  events(): Promise<TimelineEvent[] | undefined>
  changes(): Promise<Changes>
  /** When the description was last edited; null of one that never was. */
  editedAt(): Promise<GitHubAnswer<string | null>>
  /** Throws Unavailable where the head or the base moved since the snapshot was begun: the job is retried. */
  diff(): Promise<DiffHash>
}

/** Undefined when the pull request, or our right to see it, is gone. */
export async function fetchSnapshot(
  github: Installations & { identity(): Promise<AppIdentity> },
  at: PullRequestRef,
): Promise<PullRequestSnapshot | undefined> {
  const { number } = at
  const pull = await getPullRequest(github, at, number)
  if (pull === undefined) return undefined
  const changes = once(() => listChanges(github, at, pull))
  return {
    pull,
    closingIssues: once(() => listClosingIssues(github, at, number)),
    commits: once(() => listCommits(github, at, pull)),
    reviews: once(() => listReviews(github, at, number)),
    checks: once(async () => countChecks(github, at, pull.headSha, (await github.identity()).id)),
    events: once(async () => {
      const answer = await ask(listEvents(github, at, number))
      return 'refused' in answer ? undefined : answer.known
    }),
    changes,
    editedAt: once(() => readEditedAt(github, at, number)),
    diff: once(async () => {
      // GitHub gives no diff of it, and up to thirty pages of files.
      if (pull.changedFiles === undefined || pull.changedFiles > FILES_AT_ONCE)
        return hashDiff(pull, undefined, { files: [], isCut: true })
      const [text, files] = await Promise.all([readDiffText(github, at, number), changes()])
      await mustStand(github, at, pull)
      return hashDiff(pull, text, files)
    }),
  }
}

/** A diff tells of no head: that it is of this one is known when it is still there afterwards. */
async function mustStand(
  github: Installations,
  at: RepositoryRef,
  { number, headSha, base }: PullRequest,
): Promise<void> {
  const now = await getPullRequest(github, at, number)
  const stands = now?.headSha === headSha && now.base.branch === base.branch && now.base.sha === base.sha
  if (!stands) throw new Unavailable('The pull request moved while its diff was read')
}

/** Asks at the first call; each later one has the same answer. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => (answer ??= ask())
}
