import { z } from 'zod'
import type { CommentRef } from '../domain/ids.ts'
import { asked, askedMaybe, GitHubRefused } from './errors.ts'
import type { AppIdentity, Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

const CommentShape = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string() }).nullish(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
})

/** A comment of our own App. */
export interface OwnComment {
  id: number
  body: string
}

/** Our own comments on an issue or pull request, oldest first. Nobody else's counts, whatever marker it carries. */
export async function listOwnComments(
  client: Client,
  name: RepositoryName,
  number: number,
  app: AppIdentity,
): Promise<OwnComment[]> {
  const data = await asked(
    client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...name,
      issue_number: number,
      per_page: 100,
    }),
  )
  return z
    .array(CommentShape)
    .parse(data)
    .filter(
      ({ user, performed_via_github_app: via }) =>
        via?.id === app.id || (user?.type === 'Bot' && user.login === `${app.slug}[bot]`),
    )
    .map((comment) => ({ id: comment.id, body: comment.body ?? '' }))
}

export async function createComment(
  client: Client,
  name: RepositoryName,
  number: number,
  body: string,
): Promise<number> {
  const { data } = await asked(
    client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...name,
      issue_number: number,
      body,
    }),
  )
  return CommentShape.parse(data).id
}

/** False when the comment is gone. */
export async function updateComment(client: Client, name: RepositoryName, id: number, body: string): Promise<boolean> {
  const answer = await askedMaybe(
    client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...name, comment_id: id, body }),
  )
  return answer !== undefined
}

/** Reacts to a comment; a review cannot be reacted to over REST. GitHub keeps one of a kind, so a replay adds none. */
export async function react(
  client: Client,
  name: RepositoryName,
  comment: CommentRef,
  content: '+1' | 'confused',
): Promise<void> {
  const request = reactionTo(client, name, comment, content)
  if (request === undefined) return
  try {
    await asked(request)
  } catch (error) {
    // A locked conversation, a deleted comment: the reply says what the reaction would have.
    if (!(error instanceof GitHubRefused)) throw error
  }
}

function reactionTo(client: Client, name: RepositoryName, { kind, id }: CommentRef, content: '+1' | 'confused') {
  const on = { ...name, comment_id: id, content } as const
  if (kind === 'issue_comment')
    return client.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', on)
  if (kind === 'review_comment')
    return client.request('POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions', on)
  return undefined
}
