import { Unavailable } from '../domain/errors.ts'
import { commandId } from '../domain/ids.ts'
import { admissionOf } from '../authorization/check-admission.ts'
import { react, unreact } from '../github/comments.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import { publishAll } from '../pull-requests/publish-status.ts'
import { issuesOf } from '../pull-requests/posted-from.ts'
import { once } from '../pull-requests/once.ts'
import { fetchSnapshot } from '../pull-requests/snapshot.ts'
import { comments } from '../replies/comments.ts'
import { answerKey } from '../services/answer-key.ts'
import { syncHere } from '../services/sync-here.ts'
import { type CommentEdit, toRun } from './edited.ts'
import { hintBeside } from './hint.ts'
import { type ParsedComment, MAX_COMMANDS, type WrittenCommand } from './parser/parse.ts'
import { findCommand, readCommand } from './parser/read.ts'
import { COMMANDS } from './registry.ts'
import { withUnkept } from './parser/unkept.ts'
import { asBefore } from './written-before.ts'
import type { CommandResult, CommandContext } from '../services/context.ts'
import type { CommandDeps } from './command.ts'

/**
 * Runs every command of a comment, one after the other, publishes the results, and answers once: a reaction, and one
 * reply when there is something to say. It is idempotent: running it again repeats no effect and edits the same reply.
 *
 * `comment` is undefined for a text that is too tangled to be read. `isOld`: the comment was written for a version of
 * this bridge that read fewer forms, and means what that version read in it; lines that this version reads otherwise
 * are refused, once. `edit`: only the lines run that the author of the comment wrote with this edit (`edited.ts`).
 * `verdict`: the comment is a review, whose verdict the status shows also where no command syncs the pull request.
 *
 * Resolves to false where there was nothing to run and nothing to answer.
 */
export async function respond(
  deps: CommandDeps,
  context: CommandContext,
  comment: ParsedComment | undefined,
  { edit, isOld = false, verdict = false }: { edit?: CommentEdit | undefined; isOld?: boolean; verdict?: boolean } = {},
): Promise<boolean> {
  const old = isOld && comment !== undefined ? await asBefore(deps, context, comment.commands) : undefined
  const all = old?.written ?? comment?.commands
  const { written, refused } = await toRun(all, edit)
  const answers: CommandResult[] = [...(refused === undefined ? [] : [refused]), ...(old?.refused ?? [])]
  if (written?.length === 0 && answers.length === 0) return false
  const ran = await runAll(deps, context, (written ?? []).slice(0, MAX_COMMANDS))
  answers.push(...ran.answers)
  if (written === undefined) answers.push({ ok: false, text: comments.tangled })
  else {
    const count = old === undefined ? written.length : comment!.commands.length
    if (count > MAX_COMMANDS) answers.push({ ok: false, text: comments.tooMany(count, MAX_COMMANDS) })
  }
  const beside = isOld ? undefined : await hintBeside(deps, ran.last, comment?.mentions ?? [])
  if (beside !== undefined) answers.push({ ok: false, text: beside })
  if (verdict && context.publications.size === 0) await syncHere(deps, ran.last)
  const { nodeId } = context
  const said = { ...context.comment, nodeId }
  const isWell = answers.every((answer) => answer.ok)
  const content = isWell ? '+1' : 'confused'
  const hasReacted = await publishAll(
    deps,
    context.publications,
    nodeId === undefined ? undefined : { nodeId, content },
  )
  // The reply comes last: where it exists, everything else was done. The recovery of missed commands relies on that.
  if (!hasReacted) await react(deps, context.place, said, content)
  if (edit !== undefined && isWell && all !== undefined && all.length <= MAX_COMMANDS && all.every(isReadable))
    await unreact(deps, context.place, said, 'confused', await deps.identity())
  const texts = answers.flatMap((answer) => answer.text ?? [])
  if (edit === undefined && (await wasAnsweredBefore(deps, context, answers))) return true
  if (texts.length > 0) {
    const told = await (await context.snapshot())?.ownComments(context.place.number)
    await deps.reply(context.place, answerKey(context), texts.join('\n\n---\n\n'), { told })
  }
  // The edit mended a fault: the reply about the fault, if there is one, is replaced.
  else {
    const lines = (written ?? []).map(({ line }) => line)
    await deps.reply(context.place, answerKey(context), comments.done(lines), { when: 'if-said' })
  }
  return true
}

/**
 * Runs commands in order, each with an admission check of its own. The first uses the snapshot of `first`. A command
 * after one that wrote something has a new snapshot; after a refusal or a question it shares the snapshot, for each
 * costs many requests. `last`: the context of the last command.
 */
async function runAll(
  deps: CommandDeps,
  first: CommandContext,
  written: readonly WrittenCommand[],
): Promise<{ answers: CommandResult[]; last: CommandContext }> {
  const { on } = first
  const place = { ...first.place, id: first.repository.id }
  const answers: CommandResult[] = []
  let context = first
  let mayHaveChanged = false
  for (const [index, one] of written.entries()) {
    const nth = written.slice(0, index).filter((earlier) => earlier.line === one.line).length + 1
    if (index > 0) context = { ...context, admission: admissionOf(deps.checkAdmission, place) }
    if (mayHaveChanged && on === 'pull request')
      context = { ...context, snapshot: once(async () => fetchSnapshot(deps, place, await issuesOf(deps, place))) }
    const answer = await runAndCount(deps, context, one, nth)
    mayHaveChanged = answer.ok && findCommand(COMMANDS, one)?.group !== 'look'
    answers.push(answer)
  }
  return { answers, last: context }
}

/**
 * Whether commands that had run before have their first answer on the thread. That answer begins with the same word,
 * and knew the numbers.
 */
async function wasAnsweredBefore(
  deps: CommandDeps,
  context: CommandContext,
  answers: readonly CommandResult[],
): Promise<boolean> {
  const [first] = answers
  if (first === undefined || !answers.every((answer) => answer.ok && answer.isAgain === true)) return false
  const word = /^\w+/.exec(first.text ?? '')?.[0]
  const told = await findReply(deps.store, answerKey(context))
  return told !== undefined && word !== undefined && told.body.startsWith(word)
}

/** Whether a line can be read: one that an edit left as it was may still be wrong. */
function isReadable(written: WrittenCommand): boolean {
  return !('error' in readCommand(COMMANDS, written))
}

/** Runs a command and reports its outcome to the metrics. */
async function runAndCount(
  deps: CommandDeps,
  context: CommandContext,
  written: WrittenCommand,
  nth: number,
): Promise<CommandResult> {
  const name = findCommand(COMMANDS, written)?.name ?? written.name
  try {
    const answer = await run(deps, context, written, nth)
    deps.ran(name, answer.ok ? 'done' : 'refused')
    return answer
  } catch (error) {
    deps.ran(name, error instanceof Unavailable ? 'deferred' : 'failed')
    throw error
  }
}

async function run(
  deps: CommandDeps,
  context: CommandContext,
  written: WrittenCommand,
  nth: number,
): Promise<CommandResult> {
  const known = findCommand(COMMANDS, written)
  const read = readCommand(COMMANDS, written)
  const meant = 'command' in read ? read.command : known
  if (meant !== undefined && meant.on !== 'both' && meant.on !== context.on)
    return {
      ok: false,
      text: comments.worksOnly(written.line, { name: meant.name, on: meant.on, example: meant.examples[0] }),
    }
  if ('error' in read) {
    const anyway = read.named && (await known?.refusedAnyway?.(deps.services, context, read.named))
    return { ok: false, text: anyway ?? read.error }
  }
  const { command, args, prose } = read
  const id = commandId(deps.host, context.comment, command.name, written.line, nth)
  return withUnkept(await command.run(deps.services, { ...context, line: written.line, prose }, args, id), read)
}
