import { headsOf, noteHead } from '../operations/tables/pull-request-heads.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import type { Signals } from '../replies/evidence.ts'
import type { PullRequestEvidence } from './evidence.ts'
import { LATE_MS } from './judged-head.ts'
import type { SyncItemDeps } from './types.ts'

/** Stores the head of a pull request as a sync sees it: GitHub does not show the pushes of a fork. */
export async function noteSeenHead(
  { store, host }: Pick<SyncItemDeps, 'store' | 'host'>,
  pull: PullRequest,
): Promise<void> {
  await noteHead(store, {
    host,
    repository_id: pull.repository.id,
    pull_request_id: pull.id,
    head: pull.headSha,
    seen_at: pull.updatedAt,
    at: pull.updatedAt,
    again: afterwards(pull.updatedAt),
  })
}

/**
 * The review metrics of a pull request, by the heads that syncs saw. For heads that none saw, the reviews count: each
 * is of a head.
 */
export async function reviewMetricsOf(
  { store, host }: Pick<SyncItemDeps, 'store' | 'host'>,
  pull: PullRequest,
  { reviews }: Pick<PullRequestEvidence, 'reviews'>,
): Promise<Signals> {
  const toMerge =
    pull.mergedAt === undefined ? undefined : (Date.parse(pull.mergedAt) - Date.parse(pull.createdAt)) / 1000
  const [first] = reviews
  if (first?.at === undefined) return { pushes: undefined, toMerge }
  const reviewedAt = new Date(first.at)
  // The first known head is no push that a sync saw.
  const [, ...pushed] = await headsOf(store, host, pull.id)
  const seen = pushed.filter(({ head, seenAt }) => seenAt >= reviewedAt && head !== first.headSha).length
  const told = new Set([...reviews.map((review) => review.headSha), pull.headSha]).size - 1
  return { pushes: Math.max(seen, told), toMerge }
}

/**
 * The time of a head: a second later than GitHub's, for a push in the second of the last change may have come after
 * that change. A later time is never wrong, for the head is still there. For a pull request that is first seen without
 * an event (the store was lost, or nothing was delivered) no push is known, and GitHub's time is taken as it is: else a
 * comment of meanwhile could never be handled.
 */
function afterwards(updatedAt: string): Date {
  return new Date(Date.parse(updatedAt) + LATE_MS)
}
