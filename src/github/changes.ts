import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { Unavailable } from '../domain/errors.ts'
import { AccountRefused, call, callOrNotFound, GitHubRefused } from './errors.ts'
import type { PullRequest } from './pull-requests.ts'

/** A file that a pull request changes against the merge base, or a commit against its first parent. */
export interface ChangedFile {
  path: string
  /** The path before, for a file that was renamed or copied. */
  from: string | undefined
  status: string
  additions: number
  deletions: number
  /** The hash of the blob after the change; of the one before for a removed file; of the commit for a submodule. */
  sha: string | undefined
  /** Unified hunks; undefined for a binary file, one that is too large, or one whose content did not change. */
  patch: string | undefined
}

export const FileShape = z.object({
  filename: z.string(),
  previous_filename: z.string().nullish(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  sha: z.string().nullish(),
  patch: z.string().nullish(),
})

/** The largest number of a pull request's files that GitHub lists. */
const MOST_FILES = 3_000

export interface Changes {
  files: ChangedFile[]
  /** True where the list may be incomplete. */
  isCut: boolean
}

/** The files that a pull request changes, as many as GitHub gives. */
export async function listChanges(
  github: Installations,
  at: RepositoryRef,
  { number, changedFiles }: Pick<PullRequest, 'number' | 'changedFiles'>,
): Promise<Changes> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      ...name,
      pull_number: number,
      per_page: 100,
    }),
  ).catch((error: unknown) => {
    // GitHub refuses a diff that takes it too long.
    if (error instanceof GitHubRefused && error.status === 422) return undefined
    throw error
  })
  if (data === undefined) return { files: [], isCut: true }
  const files = z.array(FileShape).parse(data).map(toChangedFile)
  return { files, isCut: files.length >= MOST_FILES || changedFiles === undefined || files.length < changedFiles }
}

export function toChangedFile(file: z.infer<typeof FileShape>): ChangedFile {
  return {
    path: file.filename,
    from: file.previous_filename ?? undefined,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    sha: file.sha ?? undefined,
    patch: file.patch ?? undefined,
  }
}

/**
 * The largest number of files that GitHub gives of a commit or a comparison; a list of this length may be incomplete.
 */
export const FILES_AT_ONCE = 300

/**
 * The changes from the merge base of two commits to `head`; undefined where GitHub does not know both, or where the
 * list may be incomplete.
 */
export async function compareChanges(
  github: Installations,
  at: RepositoryRef,
  base: string,
  head: string,
): Promise<ChangedFile[] | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await callOrNotFound(
    // Only the first page has files, all that there are of them.
    client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...name,
      basehead: `${base}...${head}`,
      per_page: 1,
      page: 1,
    }),
  )
  const files = answer && z.object({ files: z.array(FileShape).optional() }).parse(answer.data).files
  return files === undefined || files.length >= FILES_AT_ONCE ? undefined : files.map(toChangedFile)
}

/**
 * A pull request's diff against the merge base, in the format of `git diff`; undefined where GitHub gives none: 406
 * beyond 300 files or 20,000 lines, 422 when it would take too long.
 */
export async function readDiffText(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<string | undefined> {
  const { client, name } = await reach(github, at)
  try {
    const { data } = await call(
      client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...name,
        pull_number: number,
        mediaType: { format: 'diff' },
      }),
    )
    // Octokit's types know the JSON only; for a truncated body it gives no text.
    if (typeof (data as unknown) !== 'string') throw new Unavailable('GitHub’s answer broke off')
    return data as unknown as string
  } catch (error) {
    if (error instanceof GitHubRefused && (error.status === 406 || error.status === 422)) return undefined
    throw error
  }
}

/** GitHub gives no diff with more lines. */
export const LINES_AT_ONCE = 20_000

/**
 * The diff from the merge base of two commits to `head`, in the format of `git diff`; undefined where GitHub gives none.
 * It names both commits, so that it is of no other head.
 */
export async function compareText(
  github: Installations,
  at: RepositoryRef,
  base: string,
  head: string,
): Promise<string | undefined> {
  const { client, name } = await reach(github, at)
  try {
    const { data } = await call(
      client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...name,
        basehead: `${base}...${head}`,
        mediaType: { format: 'diff' },
      }),
    )
    return typeof (data as unknown) === 'string' ? (data as unknown as string) : undefined
  } catch (error) {
    if (error instanceof GitHubRefused && !(error instanceof AccountRefused)) return undefined
    throw error
  }
}

const A_PAGE = 100

/** The files that a commit changes against its first parent; GitHub gives 3,000 at most. */
export async function listCommitChanges(github: Installations, at: RepositoryRef, sha: string): Promise<Changes> {
  const { client, name } = await reach(github, at)
  const files: ChangedFile[] = []
  for (let page = 1; page <= MOST_FILES / A_PAGE; page++) {
    const { data, headers } = await call(
      client.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...name, ref: sha, page, per_page: A_PAGE }),
    )
    files.push(
      ...z
        .object({ files: z.array(FileShape).default([]) })
        .parse(data)
        .files.map(toChangedFile),
    )
    if (headers.link?.includes('rel="next"') !== true) break
  }
  return { files, isCut: files.length >= MOST_FILES }
}
