import { answerKey } from '../services/answer-key.ts'
import type { CommentEdit } from '../commands/edited.ts'
import { hint } from '../commands/hint.ts'
import { mayConcern, mayHaveCommands, parseComment } from '../commands/parser/parse.ts'
import { respond } from '../commands/respond.ts'
import { othersLines } from '../domain/comment-history.ts'
import { readHistoryBefore } from '../github/comment-edits.ts'
import { react } from '../github/comments.ts'
import { getRepository } from '../github/repositories.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { takesTime } from '../ops/text-reader.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { type EventDeps, type EventHandler, threadKey } from './event.ts'
import type { Comment, CommentEvent } from './forge-event.ts'
import type { InstallationRef } from '../domain/refs.ts'
import type { Installations } from '../github/client.ts'
import type { CommandContext } from '../services/context.ts'

/** Commands in a comment. */
export const onComment: EventHandler<CommentEvent> = {
  key: ({ repository, comment }) => threadKey(repository, comment.number),
  async handle(deps, event) {
    await handleComment(deps, event)
  },
}

type SaidEvent = Pick<CommentEvent, 'repository' | 'by' | 'delivery' | 'comment'>

/**
 * Runs the commands of a comment. Bots are ignored, ourselves among them; and only the comment's own author
 * speaks: a maintainer who edits somebody's comment must not have words put in their mouth, nor put them. Returns the
 * newest snapshot of the pull request; undefined where nothing was read.
 */
export async function handleComment(
  deps: EventDeps,
  { repository: at, by, delivery, comment: said }: SaidEvent,
): Promise<CommandContext['snapshot'] | undefined> {
  const { author } = said
  if (author === undefined || author.type === 'Bot' || by.type === 'Bot') return undefined
  if (author.id !== by.id) return undefined
  if (!mayConcern(said.text)) return undefined
  const isOld = new Date(said.at) < (await textFormsSince(deps.store))
  const place = { ...at, number: said.number }
  if (!mayHaveCommands(said.text)) {
    if (!isOld) await hint(deps, { place, author, comment: said.ref, nodeId: said.nodeId }, said.text)
    return undefined
  }
  // As it is now: it may have been made private since.
  const snapshot = said.on === 'issue' ? undefined : await fetchSnapshot(deps, place)
  const repository = said.on === 'issue' ? await getRepository(deps, at) : snapshot?.pull.repository
  if (repository === undefined) return undefined
  const context: CommandContext = {
    place,
    on: said.on,
    snapshot: async () => snapshot,
    repository,
    comment: said.ref,
    nodeId: said.nodeId,
    author,
    at: said.at,
    delivery,
    saidOf: said.saidOf,
  }
  // Whom we do not serve have no long text of theirs parsed; what seems to be a command is answered.
  if (takesTime(said.text) && mayHaveCommands(said.text)) {
    const admitted = await deps.checkAdmission(at, repository)
    if ('refused' in admitted) return refuse(deps, context, leftAlone(admitted.refused, repository.fullName))
  }
  // In a list beside other text it is no command.
  const comment = await parseComment(said.text)
  if (comment?.commands.length === 0) {
    if (!isOld) await hint(deps, context, said.text)
    return undefined
  }
  const edit = said.before === undefined ? undefined : editOf(deps, at, said, said.before)
  return respond(deps, context, comment, { edit, isOld })
}

async function refuse(deps: EventDeps, context: CommandContext, why: string): Promise<CommandContext['snapshot']> {
  await react(deps, context.place, { ...context.comment, nodeId: context.nodeId }, 'confused')
  await deps.reply(context.place, answerKey(context), why)
  return context.snapshot
}

/** Who wrote what stood there before an edit is asked only where a line would run. */
function editOf(github: Installations, at: InstallationRef, { nodeId, text }: Comment, before: string): CommentEdit {
  const others = async () => {
    const versions = nodeId === undefined ? undefined : await readHistoryBefore(github, at, nodeId, { before, text })
    return versions && othersLines(versions)
  }
  return { before, others }
}
