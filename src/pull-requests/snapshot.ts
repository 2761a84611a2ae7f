import type { Installations } from '../github/client.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import { ask, type GitHubAnswer } from '../github/github-answer.ts'
import { askEnds, askPullRequest } from '../github/ask-pull-request.ts'
import { type Changes, listChanges } from '../github/changes.ts'
import { type Checks, countChecks } from '../github/checks.ts'
import { listCommits } from '../github/commits.ts'
import type { AppIdentity } from '../github/github.ts'
import { listVersions } from '../github/issue-edits.ts'
import { listClosingIssues } from '../github/linked-issues.ts'
import { onlyRead } from '../github/pull-request-parts.ts'
import {
  getPullRequest,
  listEvents,
  listReviews,
  type PullRequest,
  type Review,
  type TimelineEvent,
} from '../github/pull-requests.ts'
import { readEditedAt } from '../github/pull-text.ts'
import type { ToldRun } from '../github/told-checks.ts'
import type { ToldComment } from '../github/told-comments.ts'
import { once } from './once.ts'
import { createDiffReader, type DiffReader } from './read-diff.ts'

/**
 * A pull request as GitHub describes it at one moment. Each part is read when it is first needed, and once. A new
 * decision takes a new snapshot; what only follows from a decision (the status after a stamp) is shown from the same
 * snapshot, for a change in between has an event of its own, which waits in the same queue.
 */
export interface PullRequestSnapshot extends DiffReader {
  pull: PullRequest
  closingIssues(): Promise<GitHubAnswer<{ id: number; url: string }[]>>
  commits(): ReturnType<typeof listCommits>
  reviews(): Promise<Review[]>
  checks(): Promise<GitHubAnswer<Checks | undefined>>
  /** The events of `EVENT_TYPES`, oldest first; undefined where GitHub does not list them. */
  events(): Promise<TimelineEvent[] | undefined>
  changes(): Promise<Changes>
  /** When the description was last edited; null for one that never was. */
  editedAt(): Promise<GitHubAnswer<string | null>>
  /** Every version of the description of an issue, in any repository. */
  versions(issue: PullRequestRef): ReturnType<typeof listVersions>
  /**
   * Our App's own comments on its thread, or on that of one of `issues`, as they were told with it; undefined where
   * GitHub did not tell all of them.
   */
  ownComments(thread: number): Promise<ToldComment[] | undefined>
  /** Our App's own check runs on its head, likewise. */
  ownRuns(): Promise<ToldRun[] | undefined>
  /** The node id of its repository, likewise. */
  repositoryNode: string | undefined
}

/**
 * Takes a snapshot; undefined when the pull request, or our right to see it, is gone. One query tells of most pull
 * requests as a whole; REST is asked for the rest when it is needed. `issues`: the issues of its repository whose texts
 * will be needed.
 */
export async function fetchSnapshot(
  github: Installations & { identity(): Promise<AppIdentity> },
  at: PullRequestRef,
  issues: readonly number[] = [],
): Promise<PullRequestSnapshot | undefined> {
  const { number } = at
  const asked = await askPullRequest(github, at, issues)
  const pull = asked?.pull ?? (await getPullRequest(github, at, number))
  if (pull === undefined) return undefined
  asked?.meet([pull.author])
  // What is older than the pull request does not tell of what happened to it since.
  const told = asked?.isAtMoment(pull) === true ? asked : undefined
  const changes = once(() => listChanges(github, at, pull))
  const versions = new Map<string, ReturnType<typeof listVersions>>()
  return {
    pull,
    closingIssues: once(async () =>
      told?.closingIssues === undefined ? listClosingIssues(github, at, number) : { known: told.closingIssues },
    ),
    commits: once(async () => {
      const commits = told?.commits(pull)
      return commits === undefined ? listCommits(github, at, pull) : { commits, complete: true }
    }),
    reviews: once(async () => {
      if (told?.reviews !== undefined) return told.reviews
      const reviews = await listReviews(github, at, number)
      told?.meet(reviews.map(({ author }) => author))
      return reviews
    }),
    checks: once(async () => {
      const { id } = await github.identity()
      const checks = told?.checks(pull, id)
      return checks === undefined ? countChecks(github, at, pull.headSha, id) : { known: checks ?? undefined }
    }),
    events: once(async () => {
      if (told?.events !== undefined) return told.events
      const answer = await ask(listEvents(github, at, number))
      return 'refused' in answer ? undefined : answer.known && onlyRead(answer.known)
    }),
    changes,
    ownComments: async (thread) => told?.ownComments(thread, await github.identity()),
    repositoryNode: told?.repository,
    ownRuns: async () => told?.ownRuns(pull, await github.identity()),
    editedAt: once(async () =>
      told?.editedAt === undefined ? readEditedAt(github, at, number) : { known: told.editedAt },
    ),
    versions(issue) {
      const key = keyOf(issue)
      const isHere = key === keyOf({ ...issue, ...at, number: issue.number })
      const found =
        versions.get(key) ?? listVersions(github, issue, issue.number, isHere ? told?.textOf(issue.number) : undefined)
      versions.set(key, found)
      return found
    },
    ...createDiffReader(github, at, pull, {
      changes,
      // The two APIs need not agree on the commit of a base: it is compared with what the same one told.
      askEnds: async () => (told?.pull && (await askEnds(github, at))) ?? getPullRequest(github, at, number),
    }),
  }
}

function keyOf({ owner, repo, number }: PullRequestRef): string {
  return `${owner}/${repo}#${number}`.toLowerCase()
}
