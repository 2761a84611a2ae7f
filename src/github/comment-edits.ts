import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type Installations } from './client.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Left } from '../domain/comment-history.ts'
import { isSameText } from '../domain/text.ts'
import { call, GitHubRefused } from './errors.ts'

// Only GraphQL gives the editors of a comment.

export const COMMENT_EDITS = /* GraphQL */ `
  query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Comment {
        id
        lastEditedAt
        author {
          login
          ... on User {
            databaseId
          }
        }
        editor {
          login
        }
        userContentEdits(first: 100) {
          totalCount
          nodes {
            editedAt
            diff
            editor {
              login
              ... on User {
                databaseId
              }
            }
          }
        }
      }
    }
  }
`

/** GitHub's edit history of a comment. Times are ISO 8601. */
export interface Edits {
  /** Undefined for a comment that was never edited. */
  lastEditedAt: string | undefined
  /** True when every one of its edits is known, and was by its author. */
  byAuthorAlone: boolean
  /** Its earlier texts, oldest first; GitHub may have dropped some. */
  versions: { at: string; text: string }[]
  /**
   * Every version, oldest first, with its time and whether the author wrote it; undefined where GitHub's history is
   * incomplete.
   */
  history: (Left & { at: string })[] | undefined
}

const Actor = z.object({ login: z.string(), databaseId: z.number().nullish() }).nullish()
const Edited = z.object({
  id: z.string(),
  lastEditedAt: z.string().nullish(),
  author: Actor,
  editor: Actor,
  userContentEdits: z
    .object({
      totalCount: z.number(),
      nodes: z.array(z.object({ editedAt: z.string(), diff: z.string().nullish(), editor: Actor }).nullish()).nullish(),
    })
    .nullish(),
})
// A node that is no comment has none of these fields.
const Nodes = z.object({ nodes: z.array(Edited.nullish().catch(undefined)) })

const AT_ONCE = 50

/**
 * Edit histories by the node ids of issue comments, reviews and review comments; a comment that GitHub does not show is
 * missing.
 */
export async function readEdits(
  github: Installations,
  at: InstallationRef,
  ids: readonly string[],
): Promise<Map<string, Edits>> {
  const found = new Map<string, Edits>()
  for (let start = 0; start < ids.length; start += AT_ONCE)
    for (const node of await ask(github, at, ids.slice(start, start + AT_ONCE))) found.set(node.id, toEdits(node))
  return found
}

/** Retries one by one, because GitHub refuses a whole query for one comment that is gone. */
async function ask(
  github: Installations,
  at: InstallationRef,
  ids: readonly string[],
): Promise<z.output<typeof Edited>[]> {
  const client = await clientOf(github, at)
  try {
    const { nodes } = Nodes.parse(await call(client.graphql(COMMENT_EDITS, { ids })))
    return nodes.filter((node) => node != null)
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    return ids.length === 1 ? [] : (await Promise.all(ids.map((id) => ask(github, at, [id])))).flat()
  }
}

function toEdits({ lastEditedAt, author, editor, userContentEdits }: z.output<typeof Edited>): Edits {
  const edits = (userContentEdits?.nodes ?? []).filter((edit) => edit != null)
  const editors = [editor, ...edits.map((edit) => edit.editor)]
  const isBy = (person: z.output<typeof Actor>) =>
    person?.databaseId != null && person.databaseId === author?.databaseId
  const texts = inOrder(edits).flatMap(({ editedAt: at, diff, editor: by }) =>
    diff == null ? [] : [{ at, text: diff, byAuthor: isBy(by) }],
  )
  const isAuthor = (login: string | undefined) => login !== undefined && login === author?.login
  return {
    lastEditedAt: lastEditedAt ?? undefined,
    byAuthorAlone:
      edits.length > 0 && edits.length === userContentEdits?.totalCount && editors.every((one) => isAuthor(one?.login)),
    versions: edits
      .flatMap(({ editedAt: at, diff }) => (diff == null ? [] : [{ at, text: diff }]))
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    history: texts.length > 0 && texts.length === userContentEdits?.totalCount ? texts : undefined,
  }
}

/** GitHub gives the newest first; edits of one second keep their order. */
function inOrder<T extends { editedAt: string }>(edits: readonly T[]): T[] {
  return edits.toReversed().toSorted((a, b) => Date.parse(a.editedAt) - Date.parse(b.editedAt))
}

/**
 * The texts before an edit, oldest first, as soon as GitHub shows that edit; undefined where it does not, or where its
 * history is incomplete. `before` and `text`: the text before the edit and after it.
 */
export async function readHistoryBefore(
  github: Installations,
  at: InstallationRef,
  id: string,
  { before, text }: { before: string; text: string },
  { pauseMs = 1000 }: { pauseMs?: number } = {},
): Promise<Left[] | undefined> {
  // GitHub sends webhooks before its own replicas are up to date.
  for (let tries = 0; tries < 3; tries++) {
    if (tries > 0) await sleep(pauseMs)
    const history = (await readEdits(github, at, [id])).get(id)?.history
    const found = history && textsBefore(history, before, text)
    if (found !== undefined) return found
  }
  return undefined
}

function textsBefore(history: readonly Left[], before: string, text: string): Left[] | undefined {
  const isSame = (left: Left | undefined, other: string) => left !== undefined && isSameText(left.text, other)
  for (let at = history.length - 1; at > 0; at--)
    if (history[at]!.byAuthor && isSame(history[at], text) && isSame(history[at - 1], before))
      return history.slice(0, at)
  return undefined
}
