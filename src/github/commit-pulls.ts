import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

const Pulls = z.array(
  z.object({ id: z.number(), number: z.number(), html_url: z.string(), merged_at: z.string().nullish() }),
)

/** A merged pull request. */
export interface MergedPull {
  id: number
  number: number
  url: string
}

/** The merged pull requests that brought a commit into the repository; none for one that GitHub does not know. */
export async function mergedPullsWith(client: Client, name: RepositoryName, sha: string): Promise<MergedPull[]> {
  try {
    const { data } = await asked(
      client.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { ...name, commit_sha: sha }),
    )
    return Pulls.parse(data).flatMap((pull) =>
      pull.merged_at == null ? [] : [{ id: pull.id, number: pull.number, url: pull.html_url }],
    )
  } catch (error) {
    if (error instanceof GitHubRefused) return []
    throw error
  }
}
