import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import { BARRING_SHARE, type OwnWork } from '../authorization/yearbook-rule.ts'
import { linesOfMerge } from '../domain/merges.ts'
import { compareChanges } from '../github/changes.ts'
import { countLines, linesOf } from '../github/commit-lines.ts'
import { type PullRequestCommit, findCommit } from '../github/commits.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { type AuthoredCommit, authorsOf, isAuthorOf, isNobodys } from './authors.ts'
import type { PullRequestEvidence } from './evidence.ts'

/**
 * The part of the work that an account wrote: its largest commit, and its share of the lines that known accounts
 * changed, 0–1. Suggestions accepted on GitHub's page do not count, and of a merge of the base only the further changes
 * do. `unseen` where some commit, or the changes of such a merge, are not known.
 */
export async function ownWork(
  github: Installations,
  at: RepositoryRef,
  pull: PullRequest,
  { commits, complete }: Pick<PullRequestEvidence, 'commits' | 'complete'>,
  accountId: number,
): Promise<OwnWork | 'unseen' | undefined> {
  const parts = complete ? await ownParts(github, at, pull, commits, accountId) : 'unseen'
  if (parts === 'unseen') return 'unseen'
  const [largest] = parts.toSorted((a, b) => b.lines - a.lines)
  if (largest === undefined) return undefined
  const lines = linesIn(parts)
  const all = bars(pull, parts) ? pull.lines : await knownLines(github, at, pull, commits, accountId, lines)
  return { sha: largest.sha, share: shareOf(all, lines) }
}

/**
 * The most merges of the base that are read: each costs two requests, and anybody may make commits in somebody's name.
 */
const MOST_MERGES = 20
/** The most commits of others that are counted; leaving out the rest makes one's own share no smaller. */
const MOST_COUNTED = 500

interface AuthoredShare {
  sha: string
  lines: number
}

/** The account's commits, oldest first, then its merges; no more than it takes to bar the account. */
async function ownParts(
  github: Installations,
  at: RepositoryRef,
  pull: PullRequest,
  commits: readonly AuthoredCommit[],
  accountId: number,
): Promise<AuthoredShare[] | 'unseen'> {
  const own = commits.filter((commit) => isAuthorOf([commit], accountId))
  const parts: AuthoredShare[] = []
  for await (const part of linesOf(github, at, own)) {
    parts.push(part)
    if (bars(pull, parts)) return parts
  }
  const shas = new Set(commits.map(({ sha }) => sha))
  const merges = commits.filter((commit) => commit.mergesBase && commit.author?.id === accountId)
  if (merges.length > MOST_MERGES) return 'unseen'
  for (const merge of merges) {
    const lines = await linesInMerge(github, at, merge, shas)
    if (lines === undefined) return 'unseen'
    if (lines > 0) parts.push({ sha: merge.sha, lines })
    if (bars(pull, parts)) return parts
  }
  return parts
}

/**
 * The lines that a merge of the base changes besides. The branch is compared with the base that was merged into it: its
 * changes are few, those of the base may be many.
 */
async function linesInMerge(
  github: Installations,
  at: RepositoryRef,
  { sha, parents }: PullRequestCommit,
  shas: ReadonlySet<string>,
): Promise<number | undefined> {
  const branch = parents.find((parent) => shas.has(parent)) ?? parents[0]
  const base = parents.find((parent) => parent !== branch)
  if (branch === undefined || base === undefined) return undefined
  const [before, after] = [await compareChanges(github, at, base, branch), await compareChanges(github, at, base, sha)]
  return before && after && linesOfMerge(before, after)
}

/** The changed lines of known accounts: lines by e-mail addresses without an account make nobody's share smaller. */
async function knownLines(
  github: Installations,
  at: RepositoryRef,
  pull: PullRequest,
  commits: readonly AuthoredCommit[],
  accountId: number,
  own: number,
): Promise<number> {
  if (!commits.some(isNobodys)) return pull.lines
  const others = commits.filter((commit) => !commit.isMerge && !isNobodys(commit) && !isAuthorOf([commit], accountId))
  return Math.min(pull.lines, own + (await countLines(github, at, others.slice(0, MOST_COUNTED))))
}

function bars(pull: PullRequest, parts: readonly AuthoredShare[]): boolean {
  return parts.length > 0 && shareOf(pull.lines, linesIn(parts)) >= BARRING_SHARE
}

function linesIn(parts: readonly AuthoredShare[]): number {
  return parts.reduce((all, { lines }) => all + lines, 0)
}

function shareOf(all: number, lines: number): number {
  return lines / Math.max(all, lines, 1)
}

/**
 * The commit that is the evidence of `/wl done`, when it counts for this account; `unseen` where GitHub does not show
 * its authors.
 */
export async function ownCommit(
  github: Installations,
  at: RepositoryRef,
  evidence: string,
  accountId: number,
): Promise<OwnWork | 'unseen' | undefined> {
  const sha = /^https?:\/\/\S+\/commit\/([0-9a-f]{40})$/.exec(evidence)?.[1]
  const commit = sha === undefined ? undefined : await findCommit(github, at, sha)
  if (commit === undefined) return undefined
  const authors = await authorsOf(github, at, commit)
  if (authors === undefined) return 'unseen'
  return authors.some(({ id }) => id === accountId) ? { sha: commit.sha, share: 1 } : undefined
}
