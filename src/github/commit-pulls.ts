import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { ask, type GitHubAnswer } from './github-answer.ts'
import type { PullRequest } from './pull-requests.ts'

const Pulls = z.array(
  z.object({
    id: z.number(),
    number: z.number(),
    html_url: z.string(),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    base: z.object({ ref: z.string(), sha: z.string() }),
  }),
)

/** A merged pull request. */
export interface MergedPull {
  id: number
  number: number
  url: string
  /** ISO 8601. */
  mergedAt: string
  mergeSha: string | undefined
  base: { branch: string; sha: string }
}

/** Undefined for a pull request that is not merged. */
export function asMerged(pull: PullRequest | undefined): MergedPull | undefined {
  if (pull?.merged !== true || pull.mergedAt === undefined) return undefined
  const { id, number, url, mergedAt, mergeSha, base } = pull
  return { id, number, url, mergedAt, mergeSha, base }
}

/** The merged pull requests that brought a commit into the repository; none for a commit that GitHub does not know. */
export async function mergedPullsWith(
  github: Installations,
  at: RepositoryRef,
  sha: string,
): Promise<GitHubAnswer<MergedPull[]>> {
  const { client, name } = await reach(github, at)
  const answer = await ask(
    client.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { ...name, commit_sha: sha }),
  )
  // 404, 422: no commit of this SHA; 409: an empty repository.
  if ('refused' in answer) return [404, 409, 422].includes(answer.refused.status) ? { known: [] } : answer
  const known = Pulls.parse(answer.known.data).flatMap(({ id, number, html_url: url, base, ...pull }) => {
    if (pull.merged_at == null) return []
    const merge = { mergedAt: pull.merged_at, mergeSha: pull.merge_commit_sha ?? undefined }
    return [{ id, number, url, ...merge, base: { branch: base.ref, sha: base.sha } }]
  })
  return { known }
}

const AtHead = z.array(z.object({ number: z.number(), state: z.string(), head: z.object({ sha: z.string() }) }))

/** The numbers of the open pull requests that have a commit as their head; none for a commit that GitHub does not know. */
export async function openPullsAt(
  github: Installations,
  at: RepositoryRef,
  sha: string,
): Promise<GitHubAnswer<number[]>> {
  const { client, name } = await reach(github, at)
  const of = { ...name, commit_sha: sha, per_page: 100 }
  const answer = await ask(client.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', of))
  if ('refused' in answer) return [404, 409, 422].includes(answer.refused.status) ? { known: [] } : answer
  const open = AtHead.parse(answer.known.data).filter(({ state, head }) => state === 'open' && head.sha === sha)
  return { known: open.map(({ number }) => number) }
}
