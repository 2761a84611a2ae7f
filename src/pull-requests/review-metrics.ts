import { headsOf, noteHead } from '../operations/tables/pull-request-heads.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import type { Signals } from '../replies/evidence.ts'
import type { PullRequestEvidence } from './evidence.ts'
import { LATE_MS } from './judged-head.ts'
import type { SyncItemDeps } from './types.ts'

/** GitHub tells no pushes of a fork: we note each head as we see it. */
export async function noteSeenHead(
  { store, host }: Pick<SyncItemDeps, 'store' | 'host'>,
  pull: PullRequest,
): Promise<void> {
  const before = await headsOf(store, host, pull.id)
  await noteHead(store, {
    host,
    repository_id: pull.repository.id,
    pull_request_id: pull.id,
    head: pull.headSha,
    seen_at: pull.updatedAt,
    at: before.length === 0 ? pull.updatedAt : afterwards(pull.updatedAt),
  })
}

/** How a pull request was reviewed, by the heads that we saw. Of those we did not see, the reviews tell: each is of a head. */
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
  // The first head we know is no push that we saw.
  const [, ...pushed] = await headsOf(store, host, pull.id)
  const seen = pushed.filter(({ head, seenAt }) => seenAt >= reviewedAt && head !== first.headSha).length
  const told = new Set([...reviews.map((review) => review.headSha), pull.headSha]).size - 1
  return { pushes: Math.max(seen, told), toMerge }
}

/**
 * A second later than GitHub says: what was pushed in the second of its last change may have come after that change.
 * A later time is never wrong, for the head is still there. Of a pull request that we first hear of by looking (our
 * store was lost, or nothing was delivered) no push is known, and its last change is taken as it is told: else what was
 * said of it meanwhile could never be taken up.
 */
function afterwards(updatedAt: string): Date {
  return new Date(Date.parse(updatedAt) + LATE_MS)
}
