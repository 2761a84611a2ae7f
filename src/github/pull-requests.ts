import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { type Account, readAccountType } from '../domain/rig.ts'
import { call, callOrNotFound, callRetryingNotFound } from './errors.ts'

export interface RepositoryName {
  owner: string
  repo: string
}

export const AccountShape = z
  .object({ id: z.number(), login: z.string(), type: z.string().optional() })
  .transform((user): Account => ({
    id: user.id,
    login: user.login,
    type: readAccountType(user.type),
  }))

export const RepositoryShape = z.object({
  id: z.number(),
  full_name: z.string(),
  private: z.boolean(),
  visibility: z.string().optional(),
  archived: z.boolean().optional(),
  default_branch: z.string().optional(),
  owner: AccountShape,
})

/** A pull request as it is now. `author` is undefined for a deleted account. Times are ISO 8601. */
export interface PullRequest {
  id: number
  number: number
  url: string
  title: string
  body: string
  open: boolean
  draft: boolean
  merged: boolean
  mergeSha: string | undefined
  headSha: string
  base: { branch: string; sha: string }
  author: Account | undefined
  labels: string[]
  commits: number
  lines: number
  /** The number of files it changes; undefined where GitHub does not tell. */
  changedFiles: number | undefined
  createdAt: string
  updatedAt: string
  closedAt: string | undefined
  mergedAt: string | undefined
  repository: RepositoryFacts
}

export interface RepositoryFacts {
  id: number
  fullName: string
  ownerId: number
  /** True for private and internal repositories. */
  hidden: boolean
  archived: boolean
  defaultBranch: string | undefined
}

const PullRequestShape = z.object({
  id: z.number(),
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string(), sha: z.string(), repo: RepositoryShape }),
  user: AccountShape.nullish(),
  labels: z.array(z.object({ name: z.string().nullish() })),
  commits: z.number().nullish(),
  additions: z.number().nullish(),
  deletions: z.number().nullish(),
  changed_files: z.number().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  merged_at: z.string().nullish(),
})

export function repositoryFacts(repository: z.infer<typeof RepositoryShape>): RepositoryFacts {
  return {
    id: repository.id,
    fullName: repository.full_name,
    ownerId: repository.owner.id,
    hidden: repository.private || (repository.visibility !== undefined && repository.visibility !== 'public'),
    archived: repository.archived ?? false,
    defaultBranch: repository.default_branch,
  }
}

/** Undefined when the pull request, or our right to see it, is gone. */
export async function getPullRequest(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<PullRequest | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callRetryingNotFound(() =>
    client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number }),
  )
  if (answer === undefined) return undefined
  const pull = PullRequestShape.parse(answer.data)
  return {
    id: pull.id,
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    body: pull.body ?? '',
    open: pull.state === 'open',
    draft: pull.draft ?? false,
    merged: pull.merged ?? false,
    mergeSha: pull.merged === true ? (pull.merge_commit_sha ?? undefined) : undefined,
    headSha: pull.head.sha,
    base: { branch: pull.base.ref, sha: pull.base.sha },
    author: pull.user ?? undefined,
    labels: byName(pull.labels.flatMap((label) => (label.name == null ? [] : [label.name]))),
    commits: pull.commits ?? 0,
    lines: (pull.additions ?? 0) + (pull.deletions ?? 0),
    changedFiles: pull.changed_files ?? undefined,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    closedAt: pull.closed_at ?? undefined,
    mergedAt: pull.merged_at ?? undefined,
    repository: repositoryFacts(pull.base.repo),
  }
}

/** In a fixed order: GitHub promises none. */
export function byName(labels: readonly string[]): string[] {
  return labels.toSorted()
}

/** The numbers of the pull requests, open or not, that have a label. */
export async function listLabelled(github: Installations, at: RepositoryRef, label: string): Promise<number[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/issues', { ...name, labels: label, state: 'all', per_page: 100 }),
  )
  return z
    .array(z.object({ number: z.number(), pull_request: z.unknown().optional() }))
    .parse(data)
    .flatMap((issue) => (issue.pull_request == null ? [] : [issue.number]))
}

export interface Review {
  author: Account | undefined
  state: string
  headSha: string | undefined
  /** ISO 8601; undefined for a review that is not submitted yet. */
  at: string | undefined
}

const ReviewShape = z.object({
  user: AccountShape.nullish(),
  state: z.string(),
  commit_id: z.string().nullish(),
  submitted_at: z.string().nullish(),
})

/** The submitted reviews, oldest first. */
export async function listReviews(github: Installations, at: RepositoryRef, number: number): Promise<Review[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...name,
      pull_number: number,
      per_page: 100,
    }),
  )
  const reviews = z
    .array(ReviewShape)
    .parse(data)
    .map((review) => ({
      author: review.user ?? undefined,
      state: review.state.toUpperCase(),
      headSha: review.commit_id ?? undefined,
      at: review.submitted_at ?? undefined,
    }))
  return bySubmission(reviews)
}

/** By the time of submission; what is not submitted comes last. */
export function bySubmission(reviews: readonly Review[]): Review[] {
  return reviews.toSorted((a, b) => timeOf(a) - timeOf(b))
}

function timeOf({ at }: Review): number {
  return at === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(at)
}

export interface TimelineEvent {
  event: string
  label: string | undefined
  /** The title before and after. */
  rename?: { from: string; to: string } | undefined
  at: string
}

const IssueEventShape = z.object({
  event: z.string(),
  created_at: z.string(),
  label: z.object({ name: z.string().nullish() }).optional(),
  rename: z.object({ from: z.string(), to: z.string() }).nullish(),
})

/** The timeline events of a pull request, oldest first; undefined where GitHub does not tell. */
export async function listEvents(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<TimelineEvent[] | undefined> {
  const { client, name } = await reach(github, at)
  const data = await callOrNotFound(
    client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
      ...name,
      issue_number: number,
      per_page: 100,
    }),
  )
  if (data === undefined) return undefined
  return z
    .array(IssueEventShape)
    .parse(data)
    .map((event) => ({
      event: event.event,
      label: event.label?.name ?? undefined,
      rename: event.rename ?? undefined,
      at: event.created_at,
    }))
}
