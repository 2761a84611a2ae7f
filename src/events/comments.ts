import { admissionOf } from '../authorization/check-admission.ts'
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
import type { Publications } from '../pull-requests/publications.ts'
import { publishAtEnd } from '../pull-requests/publish-status.ts'
import { issuesOf } from '../pull-requests/posted-from.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { type EventDeps, type EventHandler, threadKey } from './event.ts'
import { whyLeftAlone } from '../services/left-alone.ts'
import type { Comment, CommentEvent } from './forge-event.ts'
import type { InstallationRef } from '../domain/refs.ts'
import type { Installations } from '../github/client.ts'
import type { CommandContext } from '../services/context.ts'

/** Runs the commands in a comment. */
export const onComment: EventHandler<CommentEvent> = {
  key: ({ repository, comment }) => threadKey(repository, comment.number),
  async handle(deps, event) {
    await handleComment(deps, event)
  },
}

type SaidEvent = Pick<CommentEvent, 'repository' | 'by' | 'delivery' | 'comment'>

/**
 * Runs the commands of a comment; true where they were answered. Comments and edits by bots, our own App among them,
 * are ignored. So is an edit by anybody but the comment's author: when a maintainer edits somebody's comment, its
 * commands are neither the author's words nor the maintainer's. `verdict`: the comment is the text of a review, whose
 * verdict is published before its commands are answered.
 */
export function handleComment(
  deps: EventDeps,
  event: SaidEvent,
  { verdict = false }: { verdict?: boolean } = {},
): Promise<boolean> {
  return publishAtEnd(deps, (publications) => answer(deps, event, { verdict, publications }))
}

async function answer(
  deps: EventDeps,
  { repository: at, by, delivery, comment: said }: SaidEvent,
  { verdict, publications }: { verdict: boolean; publications: Publications },
): Promise<boolean> {
  const { author } = said
  if (author === undefined || author.type === 'Bot' || by.type === 'Bot') return false
  if (author.id !== by.id) return false
  if (!mayConcern(said.text)) return false
  const isOld = new Date(said.at) < (await textFormsSince(deps.store))
  const place = { ...at, number: said.number }
  const admission = admissionOf(deps.checkAdmission, place)
  const speaker = { place, author, comment: said.ref, nodeId: said.nodeId, admission }
  if (!mayHaveCommands(said.text)) {
    const repository = isOld ? undefined : await getRepository(deps, at)
    if (repository !== undefined) await hint(deps, { ...speaker, repository }, said.text)
    return false
  }
  // The repository as it is now: it may have been made private since the event.
  const snapshot = said.on === 'issue' ? undefined : await fetchSnapshot(deps, place, await issuesOf(deps, place))
  const repository = said.on === 'issue' ? await getRepository(deps, at) : snapshot?.pull.repository
  if (repository === undefined) return false
  const context: CommandContext = {
    ...speaker,
    on: said.on,
    snapshot: async () => snapshot,
    publications,
    repository,
    at: said.at,
    delivery,
    saidOf: said.saidOf,
  }
  // Where the repository is not admitted, no long text is parsed. What seems to be a command is refused.
  if (takesTime(said.text) && mayHaveCommands(said.text)) {
    const alone = await whyLeftAlone(context)
    if (alone !== undefined) return refuse(deps, context, alone)
  }
  // A command in a list beside other text is no command.
  const comment = await parseComment(said.text)
  if (comment?.commands.length === 0) {
    if (!isOld) await hint(deps, context, said.text)
    return false
  }
  const edit = said.before === undefined ? undefined : editOf(deps, at, said, said.before)
  return respond(deps, context, comment, { edit, isOld, verdict })
}

async function refuse(deps: EventDeps, context: CommandContext, why: string): Promise<false> {
  await react(deps, context.place, { ...context.comment, nodeId: context.nodeId }, 'confused')
  await deps.reply(context.place, answerKey(context), why)
  return false
}

/**
 * The text before an edit, and the lines in it by other people. GitHub is asked for those only where a line would run.
 */
function editOf(github: Installations, at: InstallationRef, { nodeId, text }: Comment, before: string): CommentEdit {
  const others = async () => {
    const versions = nodeId === undefined ? undefined : await readHistoryBefore(github, at, nodeId, { before, text })
    return versions && othersLines(versions)
  }
  return { before, others }
}
