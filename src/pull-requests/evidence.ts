import { BARRING_SHARE, type OwnWork } from '../authorization/permit.ts'
import type { Settings } from '../authorization/settings.ts'
import { type Evidence, evidenceLine } from '../domain/evidence.ts'
import type { Client } from '../github/github.ts'
import { listCoAuthors } from '../github/co-authors.ts'
import type { Checks } from '../github/checks.ts'
import { type Commit, findCommit, getCommit } from '../github/commits.ts'
import type { PullRequest, RepositoryName, Review } from '../github/pull-requests.ts'
import type { Look } from './look.ts'

/** A pull request's evidence, every part of it from GitHub's own answers. */
export interface Work {
  line: string
  evidence: Evidence
  commits: Commit[]
  /** What others than its author said of it, oldest first. */
  reviews: Review[]
  checks: Checks | undefined
  /** False where some commit, and so its author, is unseen. */
  complete: boolean
}

export type AgentTrailers = Settings['trailers']

export async function gatherWork(
  client: Client,
  name: RepositoryName,
  look: Pick<Look, 'commits' | 'reviews' | 'checks'>,
  { pull, trailers }: { pull: PullRequest; trailers: AgentTrailers },
): Promise<Work> {
  const [{ commits, complete }, all, checks] = await Promise.all([look.commits(), look.reviews(), look.checks()])
  const reviews = all.filter(({ author, state }) => state !== 'PENDING' && isOther(pull, author))
  const head = commits.find((commit) => commit.sha === pull.headSha) ?? (await getCommit(client, name, pull.headSha))
  const evidence: Evidence = {
    url: pull.url,
    head: pull.headSha,
    ...(head.tree === undefined ? {} : { tree: head.tree }),
    commits: pull.commits,
    by: authors(pull, commits),
    agents: agents(trailers, commits),
    suggested: await suggesters(client, pull, commits),
    ...reviewCounts(reviews),
    ...(pull.mergeSha === undefined ? {} : { merge: pull.mergeSha }),
    ...(checks === undefined ? {} : { checks }),
  }
  return { line: evidenceLine(evidence), evidence, commits, reviews, checks, complete }
}

/** The accounts that GitHub resolves for the commits, the pull request's author first; an unlinked e-mail is never guessed. */
function authors(pull: PullRequest, commits: readonly Commit[]): string[] {
  const logins = commits.filter(isOwnWork).flatMap((commit) => commit.author?.login ?? [])
  return [...new Set([...(pull.author === undefined ? [] : [pull.author.login]), ...logins])].slice(0, 20)
}

/** The agents that trailers name, by their names in settings. Whoever has them at work keeps the credit. */
function agents(trailers: AgentTrailers, commits: readonly Commit[]): string[] {
  const addresses = new Set(commits.filter(({ isMerge }) => !isMerge).flatMap((commit) => commit.coAuthors))
  const named = Object.entries(trailers).filter(([, address]) => addresses.has(address))
  return named
    .map(([agent]) => agent)
    .toSorted()
    .slice(0, 10)
}

/** Whose suggestions were accepted: GitHub makes who accepts the author of the commit, and who suggested a co-author. */
async function suggesters(client: Client, pull: PullRequest, commits: readonly Commit[]): Promise<string[]> {
  const logins = await listCoAuthors(client, commits.filter(isSuggestion))
  return logins.filter((login) => login !== pull.author?.login).slice(0, 20)
}

/** The author's own remarks are no review; a deleted account may have been anybody. */
function isOther(pull: PullRequest, reviewer: Review['author']): boolean {
  return reviewer !== undefined && reviewer.id !== pull.author?.id
}

/** Reviewers by their latest verdict, and how many states of the work were reviewed. */
function reviewCounts(reviews: readonly Review[]): Pick<Evidence, 'reviews' | 'rounds'> {
  const verdicts = [...latestVerdicts(reviews).values()]
  const having = (state: string) => verdicts.filter((verdict) => verdict.state === state).length
  const rounds = new Set(reviews.map((review) => review.headSha)).size
  return { reviews: { approved: having('APPROVED'), changes: having('CHANGES_REQUESTED') }, rounds }
}

/** What each reviewer's word is, by account: a remark takes back no verdict. */
export function latestVerdicts(reviews: readonly Review[]): Map<number, Review> {
  const verdicts = reviews.filter(({ state }) => VERDICTS.has(state))
  return new Map(verdicts.map((review) => [review.author!.id, review]))
}

const VERDICTS = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'])

/**
 * How much of the work an account wrote: its largest commit and its part of the changed lines, 0–1, of which no
 * more is counted than bars. Merges from the base and suggestions accepted on GitHub's page do not count.
 * `unseen` where not all commits are known.
 */
export async function ownWork(
  client: Client,
  name: RepositoryName,
  pull: PullRequest,
  { commits, complete }: Pick<Work, 'commits' | 'complete'>,
  accountId: number,
): Promise<OwnWork | 'unseen' | undefined> {
  if (!complete) return 'unseen'
  const own = commits.filter((commit) => commit.author?.id === accountId && isOwnWork(commit))
  let lines = 0
  let largest: { sha: string; lines: number } | undefined
  for (const { sha } of own) {
    const commit = await getCommit(client, name, sha)
    lines += commit.lines
    if (largest === undefined || commit.lines > largest.lines) largest = commit
    if (shareOf(pull, lines) >= BARRING_SHARE) break
  }
  return largest && { sha: largest.sha, share: shareOf(pull, lines) }
}

function shareOf(pull: PullRequest, lines: number): number {
  return lines / Math.max(pull.lines, lines, 1)
}

/** True of an account that GitHub resolves as author of a commit that counts: no merge, no accepted suggestion. */
export function isAuthorOf(commits: readonly Commit[], accountId: number): boolean {
  return commits.some((commit) => commit.author?.id === accountId && isOwnWork(commit))
}

/** The commit that is the evidence of `/wl done`, when this account wrote it. */
export async function ownCommit(
  client: Client,
  name: RepositoryName,
  evidence: string,
  accountId: number,
): Promise<OwnWork | undefined> {
  const sha = /^https?:\/\/\S+\/commit\/([0-9a-f]{40})$/.exec(evidence)?.[1]
  const commit = sha === undefined ? undefined : await findCommit(client, name, sha)
  return commit?.author?.id === accountId ? { sha: commit.sha, share: 1 } : undefined
}

/** True of a commit whose author counts as one of the work's. */
function isOwnWork(commit: Commit): boolean {
  return !commit.isMerge && !isSuggestion(commit)
}

function isSuggestion({ byGitHub, coAuthors, title }: Commit): boolean {
  return byGitHub && coAuthors.length > 0 && /^Apply suggestions? from (?:code review|@)/.test(title)
}
