import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import { call } from './errors.ts'
import { AccountShape } from './pull-requests.ts'

/** A review comment on lines of a pull request's files. */
export interface ReviewComment {
  nodeId: string
  author: Account | undefined
  path: string
  body: string
  /** ISO 8601. */
  createdAt: string
  /** The hunk that it was written on, up to its last line. */
  hunk: string
  /** The number of lines that it is about, the last of the hunk. */
  lines: number
}

const Shape = z.object({
  node_id: z.string(),
  user: AccountShape.nullish(),
  path: z.string(),
  body: z.string().nullish(),
  created_at: z.string(),
  diff_hunk: z.string().nullish(),
  side: z.string().nullish(),
  original_line: z.number().nullish(),
  original_start_line: z.number().nullish(),
})

/** The review comments on lines that a pull request's files have, oldest first; those on removed lines are left out. */
export async function listReviewComments(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<ReviewComment[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
      ...name,
      pull_number: number,
      per_page: 100,
    }),
  )
  return z
    .array(Shape)
    .parse(data)
    .filter(({ side }) => side !== 'LEFT')
    .map((comment) => ({
      nodeId: comment.node_id,
      author: comment.user ?? undefined,
      path: comment.path,
      body: comment.body ?? '',
      createdAt: comment.created_at,
      hunk: comment.diff_hunk ?? '',
      lines: linesOf(comment),
    }))
}

function linesOf({ original_line: last, original_start_line: first }: z.output<typeof Shape>): number {
  return last == null || first == null ? 1 : Math.max(last - first + 1, 1)
}
