import { z } from 'zod'
import { asked } from './errors.ts'
import type { Client } from './github.ts'
import type { RepositoryName } from './pull-requests.ts'

/** A file as a pull request changes it, against the merge base. */
export interface ChangedFile {
  path: string
  /** The path before, of a file that was renamed or copied. */
  from: string | undefined
  status: string
  additions: number
  deletions: number
  /** The blob after the change. */
  sha: string | undefined
  /** Unified hunks; undefined for a binary file, one that is too large, or one whose content did not change. */
  patch: string | undefined
}

const FileShape = z.object({
  filename: z.string(),
  previous_filename: z.string().nullish(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  sha: z.string().nullish(),
  patch: z.string().nullish(),
})

/** The files that a pull request changes; GitHub gives 3,000 at most. */
export async function listChanges(client: Client, name: RepositoryName, number: number): Promise<ChangedFile[]> {
  const data = await asked(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      ...name,
      pull_number: number,
      per_page: 100,
    }),
  )
  return z
    .array(FileShape)
    .parse(data)
    .map((file) => ({
      path: file.filename,
      from: file.previous_filename ?? undefined,
      status: file.status,
      additions: file.additions,
      deletions: file.deletions,
      sha: file.sha ?? undefined,
      patch: file.patch ?? undefined,
    }))
}
