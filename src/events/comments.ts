import type { CommentRef } from '../domain/ids.ts'
import { respond } from '../commands/respond.ts'
import type { z } from 'zod'
import { getRepository } from '../github/repositories.ts'
import { type Envelope, type EventRooms, nameOf, type Sender, toAccount } from './event.ts'

/** A comment of any kind, as the three events that bring one see it. */
export interface Said {
  envelope: z.output<typeof Envelope>
  delivery: string
  number: number
  on: 'issue' | 'pull request'
  comment: CommentRef
  author: z.output<typeof Sender> | null
  text: string
  /** The text before an edit, as GitHub says. */
  before?: string | undefined
  at: string
  judgedHead?: string | undefined
}

/**
 * Runs the commands of a comment. Bots are ignored, ourselves among them; and only the comment's own author
 * speaks: a maintainer who edits somebody's comment must not have words put in their mouth, nor put them.
 */
export async function hear(rooms: EventRooms, said: Said): Promise<void> {
  const { envelope, author } = said
  if (author === null || author.type === 'Bot' || envelope.sender.type === 'Bot') return
  if (author.id !== envelope.sender.id) return
  if (!/\/wl/i.test(said.text)) return
  const client = await rooms.installation(envelope.installation.id)
  const name = nameOf(envelope.repository)
  // As it is now: it may have been made private since.
  const repository = await getRepository(client, name)
  if (repository === undefined) return
  await respond(
    rooms,
    {
      place: {
        client,
        installationId: envelope.installation.id,
        name,
        number: said.number,
      },
      on: said.on,
      repository,
      comment: said.comment,
      author: toAccount(author),
      at: said.at,
      delivery: said.delivery,
      judgedHead: said.judgedHead,
    },
    said.text,
    said.before,
  )
}
