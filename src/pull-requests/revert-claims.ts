import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import { joinReverted, namesNothing, type Reverted, readReverted, revertedBy } from '../domain/reverts.ts'
import { listCommits } from '../github/commits.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { readBodyAtMerge, readTitleAtMerge } from '../github/pull-text.ts'
import { findListedCommit } from '../github/recent-comments.ts'

/** The reverts that a commit or a pull request claims to make. `isWhole` is false where some of them may be missing. */
export type Claims = Reverted & { isWhole: boolean }

/** The reverts that a commit's message claims. */
export function claimsOfCommit(message: string, repository: string): Claims {
  return { ...revertedBy(message, repository), isWhole: true }
}

/**
 * The reverts that a merged pull request claims: by its title and description as they were merged, without later edits,
 * and by the messages of its commits. Texts that GitHub does not show claim nothing.
 */
export async function claimsAtMerge(github: Installations, at: RepositoryRef, pull: PullRequest): Promise<Claims> {
  const described = await describedAtMerge(github, at, pull)
  const { commits, complete } = await listCommits(github, at, pull)
  // The message of a squash may claim what neither the description nor a commit does.
  const merge = pull.mergeSha === undefined ? undefined : await findListedCommit(github, at, pull.mergeSha)
  const { isWhole, ...claims } = joinReverted([
    ...(described === undefined ? [] : [described]),
    ...commits.map((commit) => commit.reverts),
    ...(merge === undefined ? [] : [revertedBy(merge.message, pull.repository.fullName)]),
  ])
  return { ...claims, isWhole: isWhole && described !== undefined && complete && merge !== undefined }
}

async function describedAtMerge(
  github: Installations,
  at: RepositoryRef,
  { mergedAt, ...pull }: PullRequest,
): Promise<Reverted | undefined> {
  if (mergedAt === undefined) return undefined
  const text = await readBodyAtMerge(github, at, { ...pull, mergedAt })
  if (text === undefined) return undefined
  const { fullName } = pull.repository
  const described = readReverted({ title: '', text }, fullName)
  if (!namesNothing(described)) return described
  const title = await readTitleAtMerge(github, at, { ...pull, mergedAt })
  return title === undefined ? undefined : readReverted({ title, text }, fullName)
}
