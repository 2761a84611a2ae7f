import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import { call, callOrNotFound, GitHubRefused } from './errors.ts'
import type { AppIdentity } from './github.ts'
import { AccountShape } from './pull-requests.ts'
import { reactToReview, unreactToReview, type ReactionContent } from './review-reactions.ts'

const UserShape = z.object({ login: z.string(), type: z.string() }).nullish()

const CommentShape = z.object({ id: z.number() })

function isBotOf({ slug }: AppIdentity, user: z.output<typeof UserShape>): boolean {
  return user?.type === 'Bot' && user.login === `${slug}[bot]`
}

export async function createComment(
  github: Installations,
  at: RepositoryRef,
  number: number,
  body: string,
): Promise<number> {
  const { client, name } = await reach(github, at)
  const { data } = await call(
    client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...name,
      issue_number: number,
      body,
    }),
  )
  return CommentShape.parse(data).id
}

/** Edits a comment. False when it is gone. */
export async function updateComment(
  github: Installations,
  at: RepositoryRef,
  id: number,
  body: string,
): Promise<boolean> {
  const { client, name } = await reach(github, at)
  const answer = await callOrNotFound(
    client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...name, comment_id: id, body }),
  )
  return answer !== undefined
}

/** Deletes a comment of ours. Idempotent: one that is gone is fine. */
export async function deleteComment(github: Installations, at: RepositoryRef, id: number): Promise<void> {
  const { client, name } = await reach(github, at)
  await callOrNotFound(
    client.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...name, comment_id: id }),
  )
}

/** A comment or review, as its text stands now. */
export interface FoundComment {
  body: string
  author: Account | undefined
  /** ISO 8601. */
  at: string
}

const COMMENTS = {
  issue_comment: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
  review_comment: '/repos/{owner}/{repo}/pulls/comments/{comment_id}',
  review: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}',
} as const satisfies Record<CommentRef['kind'], string>

const FoundShape = z.object({
  body: z.string().nullish(),
  user: AccountShape.nullish(),
  created_at: z.string().optional(),
  submitted_at: z.string().optional(),
})

/** Finds a comment on a pull request by its kind and id; undefined where it is gone. */
export async function findComment(
  github: Installations,
  at: RepositoryRef,
  pull_number: number,
  { kind, id }: CommentRef,
): Promise<FoundComment | undefined> {
  const { client, name } = await reach(github, at)
  const of = kind === 'review' ? { pull_number, review_id: id } : { comment_id: id }
  const route: string = `GET ${COMMENTS[kind]}`
  const answer = await callOrNotFound(client.request(route, { ...name, ...of }))
  if (answer === undefined) return undefined
  const { body, user, created_at, submitted_at } = FoundShape.parse(answer.data)
  return { body: body ?? '', author: user ?? undefined, at: created_at ?? submitted_at ?? '' }
}

/** A comment or review to react to. */
export interface Reactable extends CommentRef {
  /** Its global node id; a review without it gets no reaction. */
  nodeId?: string | undefined
}

/** The REST path for reactions to each kind of comment; a review takes none over REST. */
const REACTIONS = {
  issue_comment: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  review_comment: '/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions',
  review: undefined,
} as const satisfies Record<CommentRef['kind'], string | undefined>

/** Reacts to a comment. Idempotent, because GitHub keeps one reaction of a kind. */
export async function react(
  github: Installations,
  at: RepositoryRef,
  { kind, id, nodeId }: Reactable,
  content: ReactionContent,
): Promise<void> {
  const { client, name } = await reach(github, at)
  const path = REACTIONS[kind]
  if (path === undefined) return nodeId === undefined ? undefined : reactToReview(github, at, nodeId, content)
  // Refused for a locked conversation or a deleted comment: the reply says the same.
  await unlessRefused(call(client.request(`POST ${path}`, { ...name, comment_id: id, content })))
}

const ReactionShape = z.object({ id: z.number(), user: UserShape })

/** Removes our App's own reaction of a kind, and nobody else's. Idempotent. */
export async function unreact(
  github: Installations,
  at: RepositoryRef,
  { kind, id, nodeId }: Reactable,
  content: ReactionContent,
  app: AppIdentity,
): Promise<void> {
  const { client, name } = await reach(github, at)
  const path = REACTIONS[kind]
  if (path === undefined) return nodeId === undefined ? undefined : unreactToReview(github, at, nodeId, content)
  const on = { ...name, comment_id: id }
  const listed = await unlessRefused(call(client.paginate(`GET ${path}`, { ...on, content, per_page: 100 })))
  const own = z
    .array(ReactionShape)
    .parse(listed ?? [])
    .filter(({ user }) => isBotOf(app, user))
  for (const { id: reaction_id } of own)
    await unlessRefused(call(client.request(`DELETE ${path}/{reaction_id}`, { ...on, reaction_id })))
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GitHubRefused) return undefined
    throw error
  }
}
