import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import { type BodyEdit, bodyAtMerge, titleAtMerge } from '../domain/text-at-merge.ts'
import { askGraphql, type GitHubAnswer, LEFT_OUT } from './github-answer.ts'
import { MOST_EDITS } from './issue-edits.ts'
import { listEvents, type PullRequest } from './pull-requests.ts'

// The history is like an issue's: the `diff` of an edit is the whole text after it, and the first edit has the original
// beside it.
export const PULL_EDITS = /* GraphQL */ `
  query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        body
        lastEditedAt
        userContentEdits(first: 100, after: $after) {
          totalCount
          nodes {
            editedAt
            diff
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`

const Edits = z.object({
  repository: z
    .object({
      pullRequest: z
        .object({
          body: z.string(),
          lastEditedAt: z.string().nullish(),
          userContentEdits: z
            .object({
              totalCount: z.number(),
              nodes: z.array(z.object({ editedAt: z.string(), diff: z.string().nullish() }).nullish()).nullish(),
              pageInfo: z.object({ endCursor: z.string().nullish(), hasNextPage: z.boolean() }),
            })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
})

const A_PAGE = 100

type Merged = Pick<PullRequest, 'number' | 'title' | 'createdAt'> & { mergedAt: string }

/** A merged pull request's description at its merge; undefined where GitHub does not tell. */
export async function readBodyAtMerge(
  github: Installations,
  at: RepositoryRef,
  pull: Merged,
): Promise<string | undefined> {
  const edits: BodyEdit[] = []
  let after: string | null = null
  for (let pages = 0; pages < MOST_EDITS / A_PAGE; pages++) {
    const page = await ask(github, at, pull.number, after)
    if (page === undefined) return undefined
    const { body, lastEditedAt, userContentEdits: found } = page
    const total = found?.totalCount ?? 0
    if (total > MOST_EDITS) return undefined
    edits.push(...(found?.nodes ?? []).flatMap((edit) => (edit == null ? [] : [toEdit(edit)])))
    if (found?.pageInfo.hasNextPage !== true) {
      // GitHub gives the newest first.
      const history = { body, wasEdited: lastEditedAt != null, edits: edits.toReversed(), total }
      return bodyAtMerge(history, pull)
    }
    after = found.pageInfo.endCursor ?? null
  }
  return undefined
}

/** A merged pull request's title at its merge; undefined where GitHub does not tell. */
export async function readTitleAtMerge(
  github: Installations,
  at: RepositoryRef,
  pull: Merged,
): Promise<string | undefined> {
  const events = await listEvents(github, at, pull.number)
  const renames = events?.flatMap(({ at, rename }) => (rename === undefined ? [] : [{ at, ...rename }]))
  return renames && titleAtMerge(pull.title, renames, pull.mergedAt)
}

function toEdit({ editedAt, diff }: { editedAt: string; diff?: string | null | undefined }): BodyEdit {
  return { at: editedAt, text: diff ?? undefined }
}

async function ask(github: Installations, at: RepositoryRef, number: number, after: string | null) {
  const { client, name } = await reach(github, at)
  const answer = await askGraphql(client.graphql(PULL_EDITS, { ...name, number, after }), Edits)
  // With a part of the events the rest is unknown.
  if ('refused' in answer || answer.missing !== undefined) return undefined
  return answer.known.repository?.pullRequest ?? undefined
}

export const PULL_EDITED = /* GraphQL */ `
  query ($owner: String!, $repo: String!, $number: Int!) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        lastEditedAt
      }
    }
  }
`

const Edited = z.object({
  repository: z.object({ pullRequest: z.object({ lastEditedAt: z.string().nullable() }).nullish() }).nullish(),
})

/** The time of the last edit of a pull request's description, ISO 8601; null where there was none. */
export async function readEditedAt(
  github: Installations,
  at: RepositoryRef,
  number: number,
): Promise<GitHubAnswer<string | null>> {
  const { client, name } = await reach(github, at)
  const answer = await askGraphql(client.graphql(PULL_EDITED, { ...name, number }), Edited)
  if ('refused' in answer) return answer
  const pull = answer.known.repository?.pullRequest
  return pull == null ? { refused: answer.missing ?? LEFT_OUT } : { known: pull.lastEditedAt }
}
