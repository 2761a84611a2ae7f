import { isOthers, type OthersLines } from '../domain/comment-history.ts'
import { comments } from '../replies/comments.ts'
import { parseCommands, type WrittenCommand } from './parser/parse.ts'
import type { CommandResult } from '../services/context.ts'

/** An edit of a comment by its author. */
export interface CommentEdit {
  /** The text before it, whoever left it. */
  before: string
  /** Whose lines stood there before it; undefined where GitHub does not tell. */
  others(): Promise<OthersLines | undefined>
}

/**
 * The commands of an edited comment that run: lines that its author wrote with this edit. What stood there in plain
 * text had its answer; what somebody else put there, in plain text or hidden, is not the author's word, now or later.
 * A line of the author's own that stood hidden, in a quote or code, runs once they uncover it, unless somebody else
 * edited the comment meanwhile.
 */
export async function toRun(
  all: WrittenCommand[] | undefined,
  edit: CommentEdit | undefined,
): Promise<{ written: WrittenCommand[] | undefined; refused?: CommandResult }> {
  if (all === undefined || all.length === 0 || edit === undefined) return { written: all }
  const old = await parseCommands(edit.before)
  // Of a text that cannot be read, every line could be old.
  if (old === undefined) return { written: [], refused: UNREAD_BEFORE }
  const before = new Set(old.map(({ line }) => line))
  const fresh = all.filter(({ line }) => !before.has(line))
  if (fresh.length === 0) return { written: [] }
  const others = await edit.others()
  if (others === undefined) return { written: [], refused: UNKNOWN_EDITS }
  // Whose the lines are on which a command goes on, which have no command themselves, is not kept.
  const isForeign = (one: WrittenCommand) => isOthers(others, one.raw) || (one.lines > 1 && others.isEdited)
  const foreign = fresh.filter(isForeign)
  if (foreign.length === 0) return { written: fresh }
  const written = fresh.filter((one) => !isForeign(one))
  return { written, refused: { ok: false, text: comments.ofOthers([...new Set(foreign.map(({ line }) => line))]) } }
}

const UNREAD_BEFORE: CommandResult = { ok: false, text: comments.tangledBefore }

const UNKNOWN_EDITS: CommandResult = { ok: false, text: comments.untoldEdits }
