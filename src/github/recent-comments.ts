import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import { ask } from './github-answer.ts'
import { call, GitHubRefused } from './errors.ts'
import { AccountShape } from './pull-requests.ts'

/** A pull request in GitHub's list. Times are ISO 8601. */
export interface ListedPull {
  id: number
  number: number
  title: string
  body: string
  labels: string[]
  open: boolean
  merged: boolean
  authorId: number | undefined
  createdAt: string
  updatedAt: string
}

const PullShape = z
  .object({
    id: z.number(),
    number: z.number(),
    title: z.string(),
    body: z.string().nullish(),
    labels: z.array(z.object({ name: z.string().nullish() })),
    state: z.string(),
    merged_at: z.string().nullish(),
    user: AccountShape.nullish(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .transform((pull): ListedPull => ({
    id: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    labels: pull.labels.flatMap(({ name }) => name ?? []),
    open: pull.state === 'open',
    merged: pull.merged_at != null,
    authorId: pull.user?.id,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
  }))

/** The pull requests that changed since a time, open or not, the last changed first. */
export async function listPullsSince(github: Installations, at: RepositoryRef, since: Date): Promise<ListedPull[]> {
  const { client, name } = await reach(github, at)
  const pulls = await call(
    client.paginate(
      'GET /repos/{owner}/{repo}/pulls',
      { ...name, state: 'all', sort: 'updated', direction: 'desc', per_page: 100 },
      ({ data }, done) => {
        const page = z.array(PullShape).parse(data)
        if (page.some((pull) => Date.parse(pull.updatedAt) < since.getTime())) done()
        return page
      },
    ),
  )
  return pulls.filter((pull) => Date.parse(pull.updatedAt) >= since.getTime())
}

/** The open pull requests, oldest first. */
export async function listOpenPulls(github: Installations, at: RepositoryRef): Promise<ListedPull[]> {
  const { client, name } = await reach(github, at)
  const route = 'GET /repos/{owner}/{repo}/pulls'
  const data = await call(
    client.paginate(route, { ...name, state: 'open', sort: 'created', direction: 'asc', per_page: 100 }),
  )
  return z.array(PullShape).parse(data)
}

/** A comment or review, in any place. Times are ISO 8601. */
export interface RecentComment {
  comment: CommentRef
  nodeId: string
  url: string
  /** The issue or pull request. */
  number: number
  on: 'issue' | 'pull request'
  text: string
  /** Undefined for a deleted account. */
  author: Account | undefined
  createdAt: string
  /** Undefined for a review: REST does not tell. */
  updatedAt: string | undefined
  /** For a review, the head that it was about. */
  head?: string | undefined
}

const CommentShape = z.object({
  id: z.number(),
  node_id: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: AccountShape.nullish(),
  created_at: z.string(),
  updated_at: z.string(),
})

/** The comments in conversations that were written or changed since a time, the earliest change first. */
export async function listCommentsSince(
  github: Installations,
  at: RepositoryRef,
  since: Date,
): Promise<RecentComment[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/issues/comments', { ...name, ...changedSince(since) }),
  )
  return z
    .array(CommentShape.extend({ issue_url: z.string() }))
    .parse(data)
    .map((one) => ({
      ...written('issue_comment', one, one.issue_url),
      on: /\/pull\/\d+(?:#|$)/.test(one.html_url) ? 'pull request' : 'issue',
    }))
}

/** The same for comments on lines of code. */
export async function listReviewCommentsSince(
  github: Installations,
  at: RepositoryRef,
  since: Date,
): Promise<RecentComment[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/comments', { ...name, ...changedSince(since) }),
  )
  return z
    .array(CommentShape.extend({ pull_request_url: z.string() }))
    .parse(data)
    .map((one) => written('review_comment', one, one.pull_request_url))
}

export function changedSince(since: Date) {
  // GitHub takes whole seconds.
  const from = new Date(Math.floor(since.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  return { since: from, sort: 'updated', direction: 'asc', per_page: 100 } as const
}

function written(kind: CommentRef['kind'], one: z.output<typeof CommentShape>, of: string): RecentComment {
  return {
    comment: { kind, id: one.id },
    nodeId: one.node_id,
    url: one.html_url,
    number: Number(/\/(\d+)$/.exec(of)?.[1]),
    on: 'pull request',
    text: one.body ?? '',
    author: one.user ?? undefined,
    createdAt: one.created_at,
    updatedAt: one.updated_at,
  }
}

const ReviewShape = z.object({
  id: z.number(),
  node_id: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: AccountShape.nullish(),
  submitted_at: z.string().nullish(),
  commit_id: z.string().nullish(),
})

/** The submitted reviews of a pull request, oldest first. */
export async function listReviewTexts(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<RecentComment[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...name,
      pull_number: number,
      per_page: 100,
    }),
  )
  return z
    .array(ReviewShape)
    .parse(data)
    .flatMap(({ submitted_at: createdAt, ...one }): RecentComment[] =>
      createdAt == null
        ? []
        : [
            {
              comment: { kind: 'review', id: one.id },
              nodeId: one.node_id,
              url: one.html_url,
              number,
              on: 'pull request',
              text: one.body ?? '',
              author: one.user ?? undefined,
              createdAt,
              updatedAt: undefined,
              head: one.commit_id ?? undefined,
            },
          ],
    )
}

/** A commit of the default branch. `author` is the account that GitHub resolves for it. */
export interface ListedCommit {
  sha: string
  url: string
  message: string
  author: Account | undefined
}

const CommitShape = z.object({
  sha: z.string(),
  html_url: z.string(),
  commit: z.object({ message: z.string() }),
  // For an address without an account GitHub gives null, or an empty object.
  author: AccountShape.nullish().catch(undefined),
})

/**
 * Finds a commit by its full SHA; undefined for one that the repository does not have any more, or that GitHub does not
 * show.
 */
export async function findListedCommit(
  github: Installations,
  at: RepositoryRef,
  sha: string,
): Promise<ListedCommit | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await ask(client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...name, ref: sha }))
  return 'refused' in answer ? undefined : toListed(CommitShape.parse(answer.known.data))
}

function toListed({ sha, html_url: url, commit, author }: z.output<typeof CommitShape>): ListedCommit {
  return { sha, url, message: commit.message, author: author ?? undefined }
}

/** The commits of the default branch that were made since a time, oldest first. */
export async function listCommitsSince(github: Installations, at: RepositoryRef, since: Date): Promise<ListedCommit[]> {
  const { client, name } = await reach(github, at)
  try {
    const { since: from } = changedSince(since)
    const data = await call(
      client.paginate('GET /repos/{owner}/{repo}/commits', { ...name, since: from, per_page: 100 }),
    )
    return z.array(CommitShape).parse(data).map(toListed).toReversed()
  } catch (error) {
    // The repository is empty.
    if (error instanceof GitHubRefused && error.status === 409) return []
    throw error
  }
}

export const LabelEvents = z.array(
  z.object({
    id: z.number(),
    event: z.string(),
    created_at: z.string(),
    actor: AccountShape.nullish(),
    label: z.object({ name: z.string().nullish() }).optional(),
  }),
)
