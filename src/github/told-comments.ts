import { z } from 'zod'
import type { AppIdentity } from './github.ts'
import { all } from './whole-list.ts'

const Actor = z.object({ login: z.string() })
const ThreadNode = z.object({
  comments: all(
    z.object({
      id: z.string(),
      fullDatabaseId: z.coerce.number().int().positive(),
      author: Actor.extend({ kind: z.string() }).nullable(),
      editor: Actor.nullable(),
    }),
  ),
})

/** A comment of our App, as a query of its thread tells it: without its text. */
export interface ToldComment {
  id: number
  nodeId: string
  /** True where somebody else edited it last. */
  isEdited: boolean
}

/** Our App's own comments among those of a thread, oldest first; undefined where not all of them are told. */
export function readOwnComments(thread: unknown, { slug }: AppIdentity): ToldComment[] | undefined {
  const told = ThreadNode.safeParse(thread).data
  // GraphQL names a bot without `[bot]`.
  const isUs = (login: string) => login.replace(/\[bot\]$/, '') === slug
  return told?.comments.nodes.flatMap(({ id, fullDatabaseId, author, editor }) =>
    author?.kind === 'Bot' && isUs(author.login)
      ? [{ id: fullDatabaseId, nodeId: id, isEdited: editor !== null && !isUs(editor.login) }]
      : [],
  )
}
