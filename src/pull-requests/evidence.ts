import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { Settings } from '../authorization/settings.ts'
import { type Evidence, evidenceLine } from '../domain/evidence.ts'
import type { GitHubAnswer } from '../github/github-answer.ts'
import type { Checks } from '../github/checks.ts'
import { countLines } from '../github/commit-lines.ts'
import { getCommit } from '../github/commits.ts'
import type { PullRequest, Review } from '../github/pull-requests.ts'
import { type AuthoredCommit, isNobodys, withAuthors } from './authors.ts'
import type { PullRequestSnapshot } from './snapshot.ts'

/** A pull request's evidence, every part of it from GitHub's own answers. */
export interface PullRequestEvidence {
  line: string
  evidence: Evidence
  commits: AuthoredCommit[]
  /** The reviews by others than its author, oldest first. */
  reviews: Review[]
  checks: GitHubAnswer<Checks | undefined>
  /** False where GitHub does not show some commit, or the authors of one. */
  complete: boolean
}

export type AgentTrailers = Settings['trailers']

export async function gatherWork(
  github: Installations,
  at: RepositoryRef,
  snapshot: Pick<PullRequestSnapshot, 'pull' | 'commits' | 'reviews' | 'checks'>,
  trailers: AgentTrailers,
): Promise<PullRequestEvidence> {
  const { pull } = snapshot
  const [listed, all, checks] = await Promise.all([snapshot.commits(), snapshot.reviews(), snapshot.checks()])
  const { commits, isWhole } = await withAuthors(github, at, pull.number, listed.commits)
  const reviews = all.filter(({ author, state }) => state !== 'PENDING' && isOther(pull, author))
  const head = commits.find((commit) => commit.sha === pull.headSha) ?? (await getCommit(github, at, pull.headSha))
  const evidence: Evidence = {
    url: pull.url,
    head: pull.headSha,
    ...(head.tree === undefined ? {} : { tree: head.tree }),
    commits: pull.commits,
    by: authors(pull, commits),
    agents: agents(trailers, commits),
    suggested: suggesters(pull, commits),
    ...(await unknownLines(github, at, pull, commits)),
    ...reviewCounts(reviews),
    ...(pull.mergeSha === undefined ? {} : { merge: pull.mergeSha }),
    ...('known' in checks && checks.known !== undefined && { checks: checks.known }),
  }
  return { line: evidenceLine(evidence), evidence, commits, reviews, checks, complete: listed.complete && isWhole }
}

/**
 * The accounts that GitHub resolves for the commits, the pull request's author first; an unlinked e-mail is never
 * guessed.
 */
function authors(pull: PullRequest, commits: readonly AuthoredCommit[]): string[] {
  const logins = commits.flatMap((commit) => commit.authors.map(({ login }) => login))
  return [...new Set([...(pull.author === undefined ? [] : [pull.author.login]), ...logins])].slice(0, 20)
}

/** The agents that trailers name, by their names in settings. The person who runs an agent keeps the credit. */
function agents(trailers: AgentTrailers, commits: readonly AuthoredCommit[]): string[] {
  const addresses = new Set(commits.filter(({ isMerge }) => !isMerge).flatMap((commit) => commit.coAuthors))
  const named = Object.entries(trailers).filter(([, address]) => addresses.has(address))
  return named
    .map(([agent]) => agent)
    .toSorted()
    .slice(0, 10)
}

/** The logins of the people whose suggestions were accepted. */
function suggesters(pull: PullRequest, commits: readonly AuthoredCommit[]): string[] {
  const logins = commits.flatMap((commit) => commit.suggesters.map(({ login }) => login))
  return [...new Set(logins)].filter((login) => login !== pull.author?.login).slice(0, 20)
}

/** The number of changed lines by e-mail addresses without an account; nothing where there are none. */
async function unknownLines(
  github: Installations,
  at: RepositoryRef,
  pull: PullRequest,
  commits: readonly AuthoredCommit[],
): Promise<Pick<Evidence, 'unknown'>> {
  const nobodys = commits.filter(isNobodys)
  const isAll = nobodys.length === commits.filter(({ isMerge }) => !isMerge).length
  if (nobodys.length === 0 || (nobodys.length > MOST_NOBODYS && !isAll)) return {}
  const unknown = isAll ? pull.lines : Math.min(pull.lines, await countLines(github, at, nobodys))
  return unknown === 0 ? {} : { unknown }
}

/**
 * The most commits of such addresses that are counted: anybody may cause a sync, and each twenty commits cost a
 * request.
 */
const MOST_NOBODYS = 100

/**
 * Whether a review is somebody else's: the author's own remarks are no review, and a deleted account may have been
 * anybody.
 */
function isOther(pull: PullRequest, reviewer: Review['author']): boolean {
  return reviewer !== undefined && reviewer.id !== pull.author?.id
}

/** The numbers of reviewers by their latest verdict, and the number of heads that were reviewed. */
function reviewCounts(reviews: readonly Review[]): Pick<Evidence, 'reviews' | 'rounds'> {
  const verdicts = [...latestVerdicts(reviews).values()]
  const having = (state: string) => verdicts.filter((verdict) => verdict.state === state).length
  const rounds = new Set(reviews.map((review) => review.headSha)).size
  return { reviews: { approved: having('APPROVED'), changes: having('CHANGES_REQUESTED') }, rounds }
}

/** The latest verdict of each reviewer, by account. A review that only comments takes back no verdict. */
export function latestVerdicts(reviews: readonly Review[]): Map<number, Review> {
  const verdicts = reviews.filter(({ state }) => VERDICTS.has(state))
  return new Map(verdicts.map((review) => [review.author!.id, review]))
}

const VERDICTS = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'])
