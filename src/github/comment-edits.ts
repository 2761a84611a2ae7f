import { z } from 'zod'
import { asked, GitHubRefused } from './errors.ts'
import type { Client } from './github.ts'

// Who edited a comment, only GraphQL tells.

export const COMMENT_EDITS = /* GraphQL */ `
  query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Comment {
        id
        lastEditedAt
        author {
          login
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
            }
          }
        }
      }
    }
  }
`

/** What GitHub tells of the edits of a comment. Times are ISO 8601. */
export interface Edits {
  /** Undefined for one that was never edited. */
  lastEditedAt: string | undefined
  /** True when every one of its edits is known, and was by its author. */
  byAuthorAlone: boolean
  /** Its texts as they were, oldest first; GitHub may have dropped some. */
  versions: { at: string; text: string }[]
}

const Actor = z.object({ login: z.string() }).nullish()
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
// Of what is no comment, nothing was asked.
const Nodes = z.object({ nodes: z.array(Edited.nullish().catch(undefined)) })

const AT_ONCE = 50

/** By the node ids of issue comments, reviews and review comments; one that GitHub does not show is missing. */
export async function readEdits(client: Client, ids: readonly string[]): Promise<Map<string, Edits>> {
  const found = new Map<string, Edits>()
  for (let start = 0; start < ids.length; start += AT_ONCE)
    for (const node of await ask(client, ids.slice(start, start + AT_ONCE))) found.set(node.id, toEdits(node))
  return found
}

/** GitHub refuses a whole query for one comment that has gone. */
async function ask(client: Client, ids: readonly string[]): Promise<z.output<typeof Edited>[]> {
  try {
    const { nodes } = Nodes.parse(await asked(client.graphql(COMMENT_EDITS, { ids })))
    return nodes.filter((node) => node != null)
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    return ids.length === 1 ? [] : (await Promise.all(ids.map((id) => ask(client, [id])))).flat()
  }
}

function toEdits({ lastEditedAt, author, editor, userContentEdits }: z.output<typeof Edited>): Edits {
  const edits = (userContentEdits?.nodes ?? []).filter((edit) => edit != null)
  const editors = [editor, ...edits.map((edit) => edit.editor)]
  const isAuthor = (login: string | undefined) => login !== undefined && login === author?.login
  return {
    lastEditedAt: lastEditedAt ?? undefined,
    byAuthorAlone:
      edits.length > 0 && edits.length === userContentEdits?.totalCount && editors.every((one) => isAuthor(one?.login)),
    versions: edits
      .flatMap(({ editedAt: at, diff }) => (diff == null ? [] : [{ at, text: diff }]))
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  }
}
