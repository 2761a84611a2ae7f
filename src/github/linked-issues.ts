import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

// Which issues a pull request closes (by a keyword in its description, or linked by hand) only GraphQL tells.

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

/** The issues that a pull request closes, of any repository that we may see. */
export async function listClosingIssues(
  client: Client,
  name: RepositoryName,
  number: number,
): Promise<{ id: number; url: string }[]> {
  const answer = await ask(client, CLOSING_ISSUES, Issues, name, number)
  const found = answer?.repository?.pullRequest?.closingIssuesReferences?.nodes ?? []
  return found.flatMap((node) => (node == null ? [] : { id: node.fullDatabaseId, url: node.url }))
}

/** The pull requests, open or not, that close an issue. */
export async function listClosingPulls(client: Client, name: RepositoryName, number: number): Promise<ClosingPull[]> {
  const answer = await ask(client, CLOSING_PULLS, Pulls, name, number)
  const found = answer?.repository?.issue?.closedByPullRequestsReferences?.nodes ?? []
  return found.flatMap((node) =>
    node == null
      ? []
      : {
          repository_id: node.repository.databaseId,
          owner: node.repository.owner.login,
          repo: node.repository.name,
          number: node.number,
        },
  )
}

export interface ClosingPull extends RepositoryName {
  repository_id: number
  number: number
}

/** Undefined where GitHub does not say: the repository, or our right to it, is gone. */
async function ask<T extends z.ZodType>(
  client: Client,
  query: string,
  shape: T,
  name: RepositoryName,
  number: number,
): Promise<z.output<T> | undefined> {
  try {
    return shape.parse(await asked(client.graphql(query, { ...name, number })))
  } catch (error) {
    if (error instanceof GitHubRefused) return undefined
    throw error
  }
}
