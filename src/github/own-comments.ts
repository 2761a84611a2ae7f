import type { InstallationRef, RepositoryRef } from '../domain/refs.ts'
import { clientOf, reach, type Installations } from './client.ts'
import { z } from 'zod'
import { call, GitHubRefused } from './errors.ts'
import type { AppIdentity } from './github.ts'

// REST lists comments only with their texts: on a long thread, megabytes of other people's text for each answer of
// ours.

export const COMMENT_AUTHORS = /* GraphQL */ `
  query CommentAuthors($owner: String!, $repo: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $repo) {
      issueOrPullRequest(number: $number) {
        ... on Issue {
          comments(first: 100, after: $after) {
            ...authors
          }
        }
        ... on PullRequest {
          comments(first: 100, after: $after) {
            ...authors
          }
        }
      }
    }
  }
  fragment authors on IssueCommentConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      author {
        kind: __typename
        login
      }
    }
  }
`

export const COMMENT_TEXTS = /* GraphQL */ `
  query CommentTexts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on IssueComment {
        fullDatabaseId
        body
        updatedAt
      }
    }
  }
`

const Authors = z.object({
  repository: z.object({
    issueOrPullRequest: z.object({
      comments: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
        nodes: z.array(
          z.object({ id: z.string(), author: z.object({ kind: z.string(), login: z.string() }).nullish() }),
        ),
      }),
    }),
  }),
})

const Texts = z.object({
  nodes: z.array(
    z.object({ fullDatabaseId: z.coerce.number().int().positive(), body: z.string(), updatedAt: z.coerce.date() }),
  ),
})

/** A comment of our own App. */
export interface OwnComment {
  id: number
  body: string
  updatedAt: Date
}

const AT_ONCE = 50

/**
 * Our own comments on an issue or pull request, oldest first. Comments of others do not count, whatever marker they
 * have.
 */
export async function listOwnComments(
  github: Installations,
  at: RepositoryRef,
  number: number,
  app: AppIdentity,
): Promise<OwnComment[]> {
  const list = async () => textsOf(github, at, await listOwn(github, at, number, app))
  try {
    return await list()
  } catch (error) {
    // GitHub refuses a whole query for one comment that has gone meanwhile.
    if (error instanceof GitHubRefused && error.status === 404) return list()
    throw error
  }
}

async function textsOf(github: Installations, at: InstallationRef, ids: readonly string[]): Promise<OwnComment[]> {
  const client = await clientOf(github, at)
  const own: OwnComment[] = []
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const answer = await call(client.graphql(COMMENT_TEXTS, { ids: ids.slice(start, start + AT_ONCE) }))
    own.push(...Texts.parse(answer).nodes.map(({ fullDatabaseId: id, ...rest }) => ({ id, ...rest })))
  }
  return own
}

/** The node ids of our comments. */
async function listOwn(github: Installations, at: RepositoryRef, number: number, { slug }: AppIdentity) {
  const { client, name } = await reach(github, at)
  const ids: string[] = []
  for (let after: string | null | undefined = null; ;) {
    const answer: unknown = await call(client.graphql(COMMENT_AUTHORS, { ...name, number, after }))
    const { nodes, pageInfo } = Authors.parse(answer).repository.issueOrPullRequest.comments
    // GraphQL names a bot without `[bot]`.
    const own = nodes.filter(({ author }) => author?.kind === 'Bot' && author.login.replace(/\[bot\]$/, '') === slug)
    ids.push(...own.map(({ id }) => id))
    if (!pageInfo.hasNextPage) return ids
    after = pageInfo.endCursor
  }
}
