import { z } from 'zod'
import { Actor, Count, Language, Login, Name, Total, those } from './normalise.ts'
import type { ExternalPull, GivenReview } from './profile.ts'

/** Selects, from GitHub's nodes, the work that counts: in public repositories of others that are no forks. */

const Repository = z.object({
  nameWithOwner: Name,
  owner: z.object({ login: z.string() }),
  isFork: z.boolean(),
  isPrivate: z.boolean(),
  stargazerCount: Count,
  primaryLanguage: Language,
})

const Pull = z.object({
  id: z.string(),
  url: z.string(),
  state: z.enum(['MERGED', 'CLOSED']),
  createdAt: z.string(),
  closedAt: z.string(),
  additions: Count,
  deletions: Count,
  mergedBy: Actor,
  commits: Total,
  repository: Repository.extend({ mergedPulls: Total, closedPulls: Total }),
})
type Pull = z.infer<typeof Pull>

const Review = z.object({
  occurredAt: z.string(),
  pullRequestReview: z.object({ comments: Total }),
  pullRequest: z.object({ author: Actor, repository: Repository }),
})

export interface External {
  /** The newest first, each once. */
  pulls: { nodeId: string; pull: ExternalPull }[]
  /** The number of closed ones that were left out, because their repositories merge by closing. */
  dropped: number
}

export function externalPulls(nodes: readonly unknown[], login: string): External {
  const each = new Map(those(Pull, nodes).map((pull) => [pull.url, pull]))
  const theirs = [...each.values()].filter((pull) => isOthers(pull.repository, login))
  const pulls = theirs.filter((pull) => pull.state === 'MERGED' || !mergesByClosing(pull.repository))
  return {
    pulls: pulls
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map((pull) => ({ nodeId: pull.id, pull: pullOf(pull) })),
    dropped: theirs.length - pulls.length,
  }
}

export function givenReviews(nodes: readonly unknown[], login: string): GivenReview[] {
  return those(Review, nodes)
    .filter(({ pullRequest }) => isOthers(pullRequest.repository, login) && !isSame(pullRequest.author?.login, login))
    .map(({ occurredAt, pullRequestReview, pullRequest: { author, repository } }) => ({
      nameWithOwner: repository.nameWithOwner,
      stars: repository.stargazerCount,
      primaryLanguage: repository.primaryLanguage,
      at: occurredAt,
      comments: pullRequestReview.comments,
      author,
    }))
}

/** With fewer pull requests nothing can be said about how a repository merges. */
const ENOUGH = 20
const LEAST_SHARE = 0.1

/**
 * Whether a bot of the repository lands work by other means and closes the pull request, as bors did for mathlib.
 * Judged by the repository's own numbers for everybody: by one person's alone, many rejections would look the same.
 */
export function mergesByClosing({ mergedPulls, closedPulls }: { mergedPulls: number; closedPulls: number }): boolean {
  const all = mergedPulls + closedPulls
  return all >= ENOUGH && mergedPulls / all < LEAST_SHARE
}

const Timeline = z.object({
  url: z.string(),
  author: Login,
  timelineItems: z.object({ nodes: z.array(z.unknown()).nullish() }),
})
const TimelineItem = z.object({ __typename: z.string(), author: Login })

/** The number of pushes after the first review by another person, commits and forced pushes. */
export function revisionsOf(node: unknown): { url: string; revisions: number } | undefined {
  const pull = Timeline.safeParse(node).data
  if (pull === undefined) return undefined
  const items = those(TimelineItem, pull.timelineItems.nodes ?? [])
  const isReview = ({ __typename }: { __typename: string }) => __typename === 'PullRequestReview'
  const first = items.findIndex((item) => isReview(item) && !isSame(item.author, pull.author))
  return { url: pull.url, revisions: first === -1 ? 0 : items.slice(first).filter((item) => !isReview(item)).length }
}

function pullOf({ repository, ...pull }: Pull): ExternalPull {
  return {
    nameWithOwner: repository.nameWithOwner,
    stars: repository.stargazerCount,
    primaryLanguage: repository.primaryLanguage,
    url: pull.url,
    isMerged: pull.state === 'MERGED',
    createdAt: pull.createdAt,
    endedAt: pull.closedAt,
    mergedBy: pull.mergedBy,
    additions: pull.additions,
    deletions: pull.deletions,
    commits: pull.commits,
  }
}

function isOthers({ owner, isFork, isPrivate }: z.infer<typeof Repository>, login: string): boolean {
  return !isFork && !isPrivate && !isSame(owner.login, login)
}

/** Compares logins, in any case. A deleted account equals nobody. */
function isSame(a: string | null | undefined, b: string | null | undefined): boolean {
  return a != null && b != null && a.toLowerCase() === b.toLowerCase()
}
