import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { coAuthorAddresses } from '../domain/co-authors.ts'
import { type Reverted, revertedBy } from '../domain/reverts.ts'
import type { Account } from '../domain/rig.ts'
import { type ChangedFile, FILES_AT_ONCE, FileShape, toChangedFile } from './changes.ts'
import { ask, type GitHubAnswer } from './github-answer.ts'
import { call, callOrNotFound, GitHubRefused } from './errors.ts'
import { AccountShape, type PullRequest, type RepositoryName } from './pull-requests.ts'

export interface PullRequestCommit {
  sha: string
  tree: string | undefined
  /** The account that GitHub resolves, if any. */
  author: Account | undefined
  /** The parent commits; a merge has several. */
  parents: string[]
  isMerge: boolean
  /**
   * True for a commit that GitHub made, for an action on its pages: its signature proves it. A committer's name alone
   * can be forged.
   */
  byGitHub: boolean
  /** ISO 8601; the committer's clock. */
  committedAt: string | undefined
  title: string
  /** Addresses of co-authors in its trailers, in lower case. Personal data: not for any log, row or reply. */
  coAuthors: string[]
  nodeId: string | undefined
  /** The targets that its message says it reverts. */
  reverts: Reverted
}

const CommitShape = z.object({
  sha: z.string(),
  node_id: z.string().optional(),
  commit: z.object({
    message: z.string(),
    tree: z.object({ sha: z.string() }).optional(),
    committer: z.object({ date: z.string().nullish() }).nullish(),
    verification: z.object({ verified: z.boolean() }).nullish(),
  }),
  author: z.union([AccountShape, z.object({}).transform(() => undefined)]).nullish(),
  committer: z.object({ login: z.string().optional() }).nullish(),
  parents: z.array(z.object({ sha: z.string() })).default([]),
  files: z.array(FileShape).optional(),
  stats: z.object({ additions: z.number().optional(), deletions: z.number().optional() }).optional(),
})

/** The largest number of a pull request's commits that GitHub lists. */
const LISTED = 250
/** A longer pull request is compared with its base, up to this number. */
export const MOST_COMMITS = 2_500

/**
 * The commits of a pull request, oldest first. `complete` is false where some are missing: there are more than
 * `MOST_COMMITS`, or GitHub does not give them all.
 */
export async function listCommits(
  github: Installations,
  at: RepositoryRef,
  pull: Pick<PullRequest, 'number' | 'headSha' | 'base' | 'open'>,
): Promise<{ commits: PullRequestCommit[]; complete: boolean }> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
      ...name,
      pull_number: pull.number,
      per_page: 100,
    }),
  )
  const listed = z.array(CommitShape).parse(data).map(toCommitOf(name))
  // A list without the head is of another moment: there was a push.
  if (listed.length < LISTED && hasHead(listed, pull)) return { commits: oldestFirst(listed), complete: true }
  const compared = await compareCommits(github, at, pull)
  return compared !== undefined && hasHead(compared, pull)
    ? { commits: oldestFirst(compared), complete: true }
    : { commits: oldestFirst(listed), complete: false }
}

/**
 * Each after its parents, and by the committers' clocks where those leave it open. GitHub promises no order: GraphQL lists
 * the commits as they came to the pull request (seen by others, Skydio/revup#293).
 */
export function oldestFirst(commits: readonly PullRequestCommit[]): PullRequestCommit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]))
  const ordered = new Set<PullRequestCommit>()
  const visited = new Set<string>()
  // As deep as there are commits at most: MOST_COMMITS.
  const visit = (sha: string) => {
    const commit = bySha.get(sha)
    if (commit === undefined || visited.has(sha)) return
    visited.add(sha)
    commit.parents.forEach(visit)
    ordered.add(commit)
  }
  const timeOf = ({ committedAt }: PullRequestCommit) => Date.parse(committedAt ?? '') || 0
  const byTime = [...bySha.values()].toSorted((a, b) => timeOf(a) - timeOf(b) || (a.sha < b.sha ? -1 : 1))
  for (const { sha } of byTime) visit(sha)
  return [...ordered]
}

function hasHead(commits: readonly PullRequestCommit[], { headSha }: Pick<PullRequest, 'headSha'>): boolean {
  return commits.some((commit) => commit.sha === headSha)
}

const Comparison = z.object({
  base_commit: z.object({ sha: z.string() }),
  total_commits: z.number(),
  commits: z.array(CommitShape),
})

/**
 * The commits of the head that its base does not have, oldest first; undefined when there are too many, or the list is
 * incomplete.
 */
async function compareCommits(
  github: Installations,
  at: RepositoryRef,
  { base, headSha, open }: Pick<PullRequest, 'headSha' | 'base' | 'open'>,
): Promise<PullRequestCommit[] | undefined> {
  const { client, name } = await reach(github, at)
  const commits: PullRequestCommit[] = []
  // The base's SHA may be older than a merge of the base into the head, so an open pull request is compared with the
  // branch; that of a merged one has the head itself.
  let from = open ? base.branch : base.sha
  for (let page = 1; ; page++) {
    const answer = await callOrNotFound(
      client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...name,
        basehead: `${from}...${headSha}`,
        per_page: 100,
        page,
      }),
    )
    if (answer === undefined) return undefined
    const comparison = Comparison.parse(answer.data)
    if (comparison.total_commits > MOST_COMMITS) return undefined
    commits.push(...comparison.commits.map(toCommitOf(name)))
    if (commits.length >= comparison.total_commits) return commits
    if (comparison.commits.length === 0) return undefined
    from = comparison.base_commit.sha
  }
}

/**
 * One commit, with the number of lines that it adds and removes, and its files; without files where GitHub's list may
 * be incomplete.
 */
export async function getCommit(
  github: Installations,
  at: RepositoryRef,
  sha: string,
): Promise<PullRequestCommit & { lines: number; files: ChangedFile[] | undefined }> {
  const { client, name } = await reach(github, at)
  const { data } = await call(client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...name, ref: sha }))
  const commit = CommitShape.parse(data)
  const { files, stats } = commit
  return {
    ...toCommitOf(name)(commit),
    lines: (stats?.additions ?? 0) + (stats?.deletions ?? 0),
    files: files === undefined || files.length >= FILES_AT_ONCE ? undefined : files.map(toChangedFile),
  }
}

/**
 * Finds a commit by its SHA, whole or abbreviated, with the address of its page; undefined for one that the repository
 * does not have. A branch whose name looks like a SHA does not count.
 */
export async function findCommit(
  github: Installations,
  at: RepositoryRef,
  given: string,
): Promise<(PullRequestCommit & { url: string }) | undefined> {
  const { client, name } = await reach(github, at)
  const sha = given.toLowerCase()
  const answer = await callOrNotFound(
    client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...name, ref: sha }),
  ).catch((error: unknown) => {
    // 422: no commit of this SHA, or several; 409: an empty repository.
    if (error instanceof GitHubRefused && (error.status === 422 || error.status === 409)) return undefined
    throw error
  })
  if (answer === undefined) return undefined
  const { html_url: url, ...commit } = CommitShape.extend({ html_url: z.string() }).parse(answer.data)
  return commit.sha.startsWith(sha) ? { ...toCommitOf(name)(commit), url } : undefined
}

function toCommitOf(name: RepositoryName) {
  return (commit: z.infer<typeof CommitShape>) => readCommit(name, commit)
}

/** A commit in REST's form. */
export function readCommit(
  { owner, repo }: RepositoryName,
  commit: Omit<z.infer<typeof CommitShape>, 'files' | 'stats'>,
): PullRequestCommit {
  const { message, tree, verification, committer } = commit.commit
  return {
    sha: commit.sha,
    tree: tree?.sha,
    author: commit.author ?? undefined,
    parents: commit.parents.map(({ sha }) => sha),
    isMerge: commit.parents.length > 1,
    byGitHub: commit.committer?.login === 'web-flow' && verification?.verified === true,
    committedAt: committer?.date ?? undefined,
    title: message.split('\n', 1)[0] ?? '',
    coAuthors: coAuthorAddresses(message),
    nodeId: commit.node_id,
    reverts: revertedBy(message, `${owner}/${repo}`),
  }
}

/** Whether a commit has another as an ancestor; false also where GitHub does not know one of them. */
export async function isAncestor(
  github: Installations,
  at: RepositoryRef,
  { ancestor, of }: { ancestor: string; of: string },
): Promise<GitHubAnswer<boolean>> {
  const { client, name } = await reach(github, at)
  // Only the first page has files.
  const page = { per_page: 1, page: 2 }
  const basehead = `${ancestor}...${of}`
  const answer = await ask(
    client.request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...name, basehead, ...page }),
  )
  if ('refused' in answer) return answer.refused.why === 'hidden' ? { known: false } : answer
  return { known: z.object({ status: z.string() }).parse(answer.known.data).status === 'ahead' }
}
