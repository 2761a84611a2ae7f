import type { InstallationRef, RepositoryRef } from '../domain/refs.ts'
import { clientOf, type Installations } from './client.ts'
import { z } from 'zod'
import { type PullRequestCommit, getCommit } from './commits.ts'
import { askGraphql } from './github-answer.ts'

// REST gives the number of lines for one commit at a time, GraphQL for many.

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

/** The number of commits in a query; GitHub computes every commit's diff for it. */
const AT_ONCE = 20

const Counted = z.object({ additions: z.number(), deletions: z.number() })
const Nodes = z.object({ nodes: z.array(Counted.nullish().catch(undefined)) })

/**
 * The number of lines that each commit adds and removes, in order. Lazy: a caller that has enough stops the queries.
 */
export async function* linesOf(
  github: Installations,
  at: RepositoryRef,
  commits: readonly PullRequestCommit[],
): AsyncGenerator<{ sha: string; lines: number }> {
  for (let start = 0; start < commits.length; start += AT_ONCE) {
    const some = commits.slice(start, start + AT_ONCE)
    const counts = await ask(github, at, some)
    for (const [index, { sha }] of some.entries())
      yield { sha, lines: counts[index] ?? (await getCommit(github, at, sha)).lines }
  }
}

/** The number of lines that these commits add and remove together. */
export async function countLines(
  github: Installations,
  at: RepositoryRef,
  commits: readonly PullRequestCommit[],
): Promise<number> {
  let all = 0
  for await (const { lines } of linesOf(github, at, commits)) all += lines
  return all
}

/** In the order of the commits; undefined for a commit that GitHub gives no number for. */
async function ask(
  github: Installations,
  at: InstallationRef,
  commits: readonly PullRequestCommit[],
): Promise<(number | undefined)[]> {
  const client = await clientOf(github, at)
  const ids = commits.flatMap(({ nodeId }) => nodeId ?? [])
  if (ids.length < commits.length) return []
  const answer = await askGraphql(client.graphql(COMMIT_LINES, { ids }), Nodes)
  if ('refused' in answer) return []
  return answer.known.nodes.map((node) => (node == null ? undefined : node.additions + node.deletions))
}
