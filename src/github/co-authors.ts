import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type Installations } from './client.ts'
import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import type { PullRequestCommit } from './commits.ts'
import { askGraphql, type GitHubAnswer, LEFT_OUT } from './github-answer.ts'

// Only GraphQL resolves an address in a `Co-authored-by:` trailer to an account.

export const CO_AUTHORS = /* GraphQL */ `
  query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Commit {
        authors(first: 20) {
          nodes {
            user {
              login
              databaseId
            }
          }
        }
      }
    }
  }
`

const MOST_NODES = 100

const User = z.object({ login: z.string(), databaseId: z.number().nullish() })
const Authored = z.object({
  nodes: z.array(
    z.object({ authors: z.object({ nodes: z.array(z.object({ user: User.nullish() }).nullish()) }) }).nullish(),
  ),
})

/**
 * The accounts that GitHub resolves for the co-authors of the first hundred of these commits, by the commit's SHA; no
 * address is guessed. GitHub does not resolve Apps. A commit that it does not show is missing.
 */
export async function coAuthorsOf(
  github: Installations,
  at: InstallationRef,
  commits: readonly PullRequestCommit[],
): Promise<GitHubAnswer<Map<string, Account[]>>> {
  const client = await clientOf(github, at)
  const known = commits.filter(({ nodeId }) => nodeId !== undefined).slice(0, MOST_NODES)
  const found = new Map<string, Account[]>()
  if (known.length === 0) return { known: found }
  const ids = known.map(({ nodeId }) => nodeId!)
  const answer = await askGraphql(client.graphql(CO_AUTHORS, { ids }), Authored)
  if ('refused' in answer) return answer
  for (const [at, { sha }] of known.entries()) {
    const node = answer.known.nodes[at]
    // The author of the commit itself comes first.
    if (node != null)
      found.set(
        sha,
        node.authors.nodes.slice(1).flatMap((author) => toAccount(author?.user)),
      )
  }
  const missing = answer.missing ?? (found.size < known.length ? LEFT_OUT : undefined)
  return { known: found, ...(missing !== undefined && { missing }) }
}

function toAccount(user: z.output<typeof User> | null | undefined): Account[] {
  return user?.databaseId == null ? [] : [{ id: user.databaseId, login: user.login, type: 'User' }]
}
