import { z } from 'zod'
import type { Commit } from './commits.ts'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'

// Whose account an address in a `Co-authored-by:` trailer belongs to, only GraphQL tells.

export const CO_AUTHORS = /* GraphQL */ `
  query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Commit {
        authors(first: 20) {
          nodes {
            user {
              login
            }
          }
        }
      }
    }
  }
`

const MOST_NODES = 100

const Authored = z.object({
  nodes: z.array(
    z
      .object({
        authors: z.object({ nodes: z.array(z.object({ user: z.object({ login: z.string() }).nullish() }).nullish()) }),
      })
      .nullish(),
  ),
})

/** The logins that GitHub resolves for the co-authors of the first hundred of these commits; no address is guessed. */
export async function listCoAuthors(client: Client, commits: readonly Commit[]): Promise<string[]> {
  const ids = commits.flatMap((commit) => commit.nodeId ?? []).slice(0, MOST_NODES)
  const answer = ids.length === 0 ? undefined : await ask(client, ids)
  // The author of the commit itself comes first.
  const others = answer?.nodes.flatMap((commit) => commit?.authors.nodes.slice(1) ?? []) ?? []
  return [...new Set(others.flatMap((author) => author?.user?.login ?? []))]
}

/** Undefined where GitHub does not say. */
async function ask(client: Client, ids: readonly string[]): Promise<z.output<typeof Authored> | undefined> {
  try {
    return Authored.parse(await asked(client.graphql(CO_AUTHORS, { ids })))
  } catch (error) {
    if (error instanceof GitHubRefused) return undefined
    throw error
  }
}
