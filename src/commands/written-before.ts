import { type CommentRef, commandId } from '../domain/ids.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import { comments, WRITTEN_BEFORE } from '../replies/comments.ts'
import { answerKey } from '../services/answer-key.ts'
import { MAX_COMMANDS, type WrittenCommand } from './parser/parse.ts'
import { findCommand, readCommand } from './parser/read.ts'
import { COMMANDS } from './registry.ts'
import type { CommandResult, CommandContext } from '../services/context.ts'
import type { CommandDeps } from './command.ts'

// A comment that was written for a version of this bridge that read fewer forms means what that version read in it.

/**
 * Selects the commands of such a comment that run: those that every version reads the same. `refused`: the refusals of
 * the others, once.
 */
export async function asBefore(
  deps: CommandDeps,
  context: CommandContext,
  commands: readonly WrittenCommand[],
): Promise<{ written: WrittenCommand[]; refused: CommandResult[] }> {
  // No version ran more.
  const read = commands.slice(0, MAX_COMMANDS)
  const written = read.filter(isPlain)
  const others = read.filter((one) => !written.includes(one))
  const isNew = others.length > 0 && !(await wasAnswered(deps, context, read))
  return { written, refused: isNew ? refusals(others) : [] }
}

/** Whether the version before this one answered a comment: by a reply, or by the effect of one of its lines. */
async function wasAnswered(
  deps: CommandDeps,
  context: CommandContext,
  read: readonly WrittenCommand[],
): Promise<boolean> {
  const told = await findReply(deps.store, answerKey(context))
  if (told === undefined) return hasRunBefore(deps, context.comment, read)
  // A refusal by this version is repeated: that edits nothing.
  return !told.body.includes(WRITTEN_BEFORE) && !read.some((one) => isToldWrong(told.body, one))
}

function isToldWrong(body: string, written: WrittenCommand): boolean {
  const read = readCommand(COMMANDS, written)
  return 'error' in read && body.includes(read.error)
}

/** Whether a command of the comment ran under a version in which every command was one line. */
export async function hasRunBefore(
  { host, store, ledger }: Pick<CommandDeps, 'host' | 'store' | 'ledger'>,
  comment: CommentRef,
  commands: readonly WrittenCommand[],
): Promise<boolean> {
  const seen = new Map<string, number>()
  for (const written of commands.slice(0, MAX_COMMANDS)) {
    const line = written.line.split('\n', 1)[0]!
    const nth = (seen.get(line) ?? 0) + 1
    seen.set(line, nth)
    const command = findCommand(COMMANDS, written)
    if (
      command !== undefined &&
      (await commandHasRun(store, ledger, commandId(host, comment, command.name, line, nth)))
    )
      return true
  }
  return false
}

/**
 * The refusals of lines that versions read differently. A line that was wrong then is still wrong; the others may mean
 * something else now than they did then.
 */
function refusals(others: readonly WrittenCommand[]): CommandResult[] {
  const reads = others.map((one) => ({ line: one.line, read: readCommand(COMMANDS, one) }))
  const wrong = reads.flatMap(({ read }): CommandResult[] => ('error' in read ? [{ ok: false, text: read.error }] : []))
  const lines = reads.flatMap(({ line, read }) => ('error' in read ? [] : [line]))
  return lines.length === 0 ? wrong : [...wrong, { ok: false, text: comments.writtenBefore(lines) }]
}

/** Whether every version of this bridge reads the command the same. */
export function isPlain(written: WrittenCommand): boolean {
  const read = readCommand(COMMANDS, written)
  return 'args' in read && read.isPlain
}
