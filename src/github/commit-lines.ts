import { z } from 'zod'
import { type Commit, getCommit } from './commits.ts'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

// REST tells it of one commit at a time; GraphQL of many.

export const COMMIT_LINES = /* GraphQL */ `
  query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Commit {
        additions
        deletions
      }
    }
  }
`

/** GitHub reads every commit's changes for it. */
const AT_ONCE = 20

const Counted = z.object({ additions: z.number(), deletions: z.number() })
const Nodes = z.object({ nodes: z.array(Counted.nullish().catch(undefined)) })

/** How many lines each commit adds and removes, by its SHA. */
export async function linesOf(
  client: Client,
  name: RepositoryName,
  commits: readonly Commit[],
): Promise<Map<string, number>> {
  const lines = new Map<string, number>()
  for (let start = 0; start < commits.length; start += AT_ONCE) {
    const some = commits.slice(start, start + AT_ONCE)
    const counts = await ask(client, some)
    for (const [at, { sha }] of some.entries()) lines.set(sha, counts[at] ?? (await getCommit(client, name, sha)).lines)
  }
  return lines
}

/** In the order of the commits; undefined for one that GitHub does not tell of so. */
async function ask(client: Client, commits: readonly Commit[]): Promise<(number | undefined)[]> {
  const ids = commits.flatMap(({ nodeId }) => nodeId ?? [])
  if (ids.length < commits.length) return []
  try {
    const { nodes } = Nodes.parse(await asked(client.graphql(COMMIT_LINES, { ids })))
    return nodes.map((node) => (node == null ? undefined : node.additions + node.deletions))
  } catch (error) {
    if (error instanceof GitHubRefused) return []
    throw error
  }
}
