import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
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
 * address is guessed. GitHub resolves none of an app.
 */
export async function coAuthorsOf(client: Client, commits: readonly Commit[]): Promise<Map<string, Account[]>> {
  const known = commits.filter(({ nodeId }) => nodeId !== undefined).slice(0, MOST_NODES)
  const ids = known.map(({ nodeId }) => nodeId!)
  const answer = ids.length === 0 ? undefined : await ask(client, ids)
  const found = new Map<string, Account[]>()
  for (const [at, { sha }] of known.entries()) {
    // The author of the commit itself comes first.
    const others = answer?.nodes[at]?.authors.nodes.slice(1) ?? []
    found.set(
      sha,
      others.flatMap((author) => toAccount(author?.user)),
    )
  }
  return found
}

function toAccount(user: z.output<typeof User> | null | undefined): Account[] {
  return user?.databaseId == null ? [] : [{ id: user.databaseId, login: user.login, type: 'User' }]
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
