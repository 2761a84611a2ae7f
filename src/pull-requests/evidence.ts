import { type Evidence, evidenceLine } from '../domain/evidence.ts'
import type { Client } from '../github/github.ts'
import {
  type Commit,
  countChecks,
  findCommit,
  getCommit,
  listCommits,
  listReviews,
  type PullRequest,
  type RepositoryName,
  type Review,
} from '../github/pull-requests.ts'

/** A pull request's evidence, every part of it from GitHub's own answers. */
export interface Work {
  line: string
  evidence: Evidence
  commits: Commit[]
}

export async function gatherWork(client: Client, name: RepositoryName, pull: PullRequest): Promise<Work> {
  const [commits, reviews, checks] = await Promise.all([
    listCommits(client, name, pull.number),
    listReviews(client, name, pull.number),
    countChecks(client, name, pull.headSha),
  ])
  // GitHub lists 250 commits at most: the head of a longer pull request is asked for by itself.
  const head = commits.find((commit) => commit.sha === pull.headSha) ?? (await getCommit(client, name, pull.headSha))
  const evidence: Evidence = {
    url: pull.url,
    head: pull.headSha,
    ...(head.tree === undefined ? {} : { tree: head.tree }),
    commits: pull.commits,
    by: authors(pull, commits),
    ...reviewCounts(reviews, pull.author?.id),
    ...(pull.mergeSha === undefined ? {} : { merge: pull.mergeSha }),
    ...(checks === undefined ? {} : { checks }),
  }
  return { line: evidenceLine(evidence), evidence, commits }
}

/** The accounts that GitHub resolves for the commits, the pull request's author first; an unlinked e-mail is never guessed. */
function authors(pull: PullRequest, commits: readonly Commit[]): string[] {
  const logins = commits.filter((commit) => !commit.isMerge).flatMap((commit) => commit.author?.login ?? [])
  return [...new Set([...(pull.author === undefined ? [] : [pull.author.login]), ...logins])].slice(0, 20)
}

/** Reviewers by their latest verdict, and how many states of the work were reviewed. The author's own remarks do not count. */
function reviewCounts(reviews: readonly Review[], authorId: number | undefined): Pick<Evidence, 'reviews' | 'rounds'> {
  const others = reviews.filter((review) => review.authorId !== undefined && review.authorId !== authorId)
  const verdicts = new Map<number, string>()
  for (const { authorId: reviewer, state } of others) {
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED' || state === 'DISMISSED') verdicts.set(reviewer!, state)
  }
  const having = (state: string) => [...verdicts.values()].filter((verdict) => verdict === state).length
  const rounds = new Set(others.filter(({ state }) => state !== 'PENDING').map((review) => review.headSha)).size
  return { reviews: { approved: having('APPROVED'), changes: having('CHANGES_REQUESTED') }, rounds }
}

/**
 * How much of the work an account wrote: its largest commit and its part of the changed lines, 0–1. Merges from
 * the base and suggestions accepted on GitHub's page do not count.
 */
export async function ownWork(
  client: Client,
  name: RepositoryName,
  pull: PullRequest,
  commits: readonly Commit[],
  accountId: number,
): Promise<{ sha: string; share: number } | undefined> {
  const own = commits.filter((commit) => commit.author?.id === accountId && !commit.isMerge && !isSuggestion(commit))
  if (own.length === 0) return undefined
  const sized = []
  for (const { sha } of own) sized.push(await getCommit(client, name, sha))
  const lines = sized.reduce((sum, commit) => sum + commit.lines, 0)
  const largest = sized.reduce((a, b) => (b.lines > a.lines ? b : a))
  return { sha: largest.sha, share: lines / Math.max(pull.lines, lines, 1) }
}

/** True of an account that GitHub resolves as author of a commit that counts: no merge, no accepted suggestion. */
export function isAuthorOf(commits: readonly Commit[], accountId: number): boolean {
  return commits.some((commit) => commit.author?.id === accountId && !commit.isMerge && !isSuggestion(commit))
}

/** The commit that is the evidence of `/wl done`, when this account wrote it. */
export async function ownCommit(
  client: Client,
  name: RepositoryName,
  evidence: string,
  accountId: number,
): Promise<{ sha: string; share: number } | undefined> {
  const sha = /^https?:\/\/\S+\/commit\/([0-9a-f]{40})$/.exec(evidence)?.[1]
  const commit = sha === undefined ? undefined : await findCommit(client, name, sha)
  return commit?.author?.id === accountId ? { sha: commit.sha, share: 1 } : undefined
}

function isSuggestion({ byGitHub, isShared, title }: Commit): boolean {
  return byGitHub && isShared && /^Apply suggestions? from (?:code review|@)/.test(title)
}
