import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import { react } from '../github/comments.ts'
import { getRepository } from '../github/repositories.ts'
import { findRigOf } from '../ledger/rigs.ts'
import { findReply } from '../operations/sent-replies.ts'
import type { Place } from '../pull-requests/attend.ts'
import { quote } from '../replies/markdown.ts'
import type { CommandRooms } from './command.ts'
import { parseComment } from './parse.ts'
import { COMMANDS } from './registry.ts'

interface Mentioning {
  place: Place
  author: Account
  comment: CommentRef
  nodeId?: string | undefined
}

/**
 * Tells who wrote a command behind other words, or in a list, that it was not run: once a person and thread, and only
 * where they could give it. Strangers hear nothing, and cost one look at what is remembered of their role.
 */
export async function hint(
  rooms: CommandRooms,
  { place, author, comment, nodeId }: Mentioning,
  text: string,
): Promise<void> {
  const mention = (await parseComment(text))?.mentions[0]
  if (mention === undefined) return
  const key = `hint/${place.name.owner}/${place.name.repo}#${place.number}/${author.id}`
  if ((await findReply(rooms.store, key)) !== undefined) return
  const repository = await getRepository(place.client, place.name)
  if (repository === undefined) return
  if ('refused' in (await rooms.gate(place.client, place.name, repository))) return
  const command = COMMANDS.find(({ name, aliases }) => name === mention.name || aliases?.includes(mention.name))
  const role = await rooms.roles(place.client, place.name, repository.id, author)
  const rig = await rooms.ledger.read((db) => findRigOf(db, rooms.host, author))
  // Whoever has a rig claims and posts; a role judges.
  const mayGive = role.write || (rig !== undefined && command?.group !== 'judge' && command?.group !== 'trust')
  if (!mayGive || (await rooms.optOuts.has(rooms.host, author.id))) return
  await react(place.client, place.name, { ...comment, nodeId }, 'confused')
  const example = command?.examples[0] ?? '/wl help'
  await rooms.reply(
    place,
    key,
    `Not run: ${quote(mention.line)}. A command begins its line, as plain text without a list mark, words or a quote right before it. ` +
      `If you meant it, write it in a new comment, for example: ${quote(example)}. (You are told this once on this thread.)`,
  )
}
