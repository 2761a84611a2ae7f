import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { askGraphql, type GitHubAnswer, LEFT_OUT, type Refusal } from './github-answer.ts'
import type { RepositoryName } from './pull-requests.ts'

// Only GraphQL gives the issues that a pull request closes, by a keyword in its description or linked by hand.

export const CLOSING_ISSUES = /* GraphQL */ `
  query ($owner: String!, $repo: String!, $number: Int!) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        closingIssuesReferences(first: 50) {
          nodes {
            fullDatabaseId
            url
          }
        }
      }
    }
  }
`

export const CLOSING_PULLS = /* GraphQL */ `
  query ($owner: String!, $repo: String!, $number: Int!) {
    repository(owner: $owner, name: $repo) {
      issue(number: $number) {
        closedByPullRequestsReferences(first: 50, includeClosedPrs: true) {
          nodes {
            number
            repository {
              databaseId
              name
              owner {
                login
              }
            }
          }
        }
      }
    }
  }
`

function nodes<T extends z.ZodType>(of: T) {
  return z.object({ nodes: z.array(of.nullish()).nullish() }).nullish()
}

const Issues = z.object({
  repository: z
    .object({
      pullRequest: z
        .object({
          closingIssuesReferences: nodes(
            z.object({ fullDatabaseId: z.coerce.number().int().positive(), url: z.string() }),
          ),
        })
        .nullish(),
    })
    .nullish(),
})

const Pulls = z.object({
  repository: z
    .object({
      issue: z
        .object({
          closedByPullRequestsReferences: nodes(
            z.object({
              number: z.number(),
              repository: z.object({
                databaseId: z.number(),
                name: z.string(),
                owner: z.object({ login: z.string() }),
              }),
            }),
          ),
        })
        .nullish(),
    })
    .nullish(),
})

/**
 * The issues that a pull request closes, in any repository that we may see. An issue that GitHub does not show is
 * missing.
 */
export async function listClosingIssues(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<GitHubAnswer<{ id: number; url: string }[]>> {
  const { client, name } = await reach(github, at)
  const answer = await askGraphql(client.graphql(CLOSING_ISSUES, { ...name, number }), Issues)
  if ('refused' in answer) return answer
  const found = answer.known.repository?.pullRequest?.closingIssuesReferences?.nodes
  return listOf(answer, found, (node) => ({ id: node.fullDatabaseId, url: node.url }))
}

/** The pull requests, open or not, that close an issue. One that GitHub does not show is missing. */
export async function listClosingPulls(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<GitHubAnswer<ClosingPull[]>> {
  const { client, name } = await reach(github, at)
  const answer = await askGraphql(client.graphql(CLOSING_PULLS, { ...name, number }), Pulls)
  if ('refused' in answer) return answer
  const found = answer.known.repository?.issue?.closedByPullRequestsReferences?.nodes
  return listOf(answer, found, (node) => ({
    repository_id: node.repository.databaseId,
    owner: node.repository.owner.login,
    repo: node.repository.name,
    number: node.number,
  }))
}

/** A list without the nodes that GitHub leaves out; no list at all is a refusal, and not an empty one. */
function listOf<Node, T>(
  { missing }: { missing?: Refusal },
  found: readonly (Node | null | undefined)[] | null | undefined,
  read: (node: Node) => T,
): GitHubAnswer<T[]> {
  if (found == null) return { refused: missing ?? LEFT_OUT }
  const known = found.filter((node) => node != null)
  const rest = missing ?? (known.length < found.length ? LEFT_OUT : undefined)
  return { known: known.map(read), ...(rest !== undefined && { missing: rest }) }
}

export interface ClosingPull extends RepositoryName {
  repository_id: number
  number: number
}
