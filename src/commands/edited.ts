import { isOthers, type OthersLines } from '../domain/comment-history.ts'
import { comments } from '../replies/comments.ts'
import { parseCommands, type WrittenCommand } from './parser/parse.ts'
import type { CommandResult } from '../services/context.ts'

/** An edit of a comment by its author. */
export interface CommentEdit {
  /** The comment's text before the edit, whoever wrote it. */
  before: string
  /** The lines of other people in the comment before the edit; undefined where GitHub does not show its history. */
  others(): Promise<OthersLines | undefined>
}

/**
 * Selects the commands of an edited comment that run: the lines that its author wrote with this edit. A line that was
 * there in plain text has had its answer. A line that somebody else wrote, in plain text or hidden, is not the author's
 * command, now or later. A line of the author's own that was hidden in a quote or in code runs once they uncover it,
 * unless somebody else edited the comment meanwhile.
 */
export async function toRun(
  all: WrittenCommand[] | undefined,
  edit: CommentEdit | undefined,
): Promise<{ written: WrittenCommand[] | undefined; refused?: CommandResult }> {
  if (all === undefined || all.length === 0 || edit === undefined) return { written: all }
  const old = await parseCommands(edit.before)
  // Where the text before cannot be read, every line could be old.
  if (old === undefined) return { written: [], refused: UNREAD_BEFORE }
  const before = new Set(old.map(({ line }) => line))
  const fresh = all.filter(({ line }) => !before.has(line))
  if (fresh.length === 0) return { written: [] }
  const others = await edit.others()
  if (others === undefined) return { written: [], refused: UNKNOWN_EDITS }
  // The authors of the further lines of a command, which have no `/wl` themselves, are not stored.
  const isForeign = (one: WrittenCommand) => isOthers(others, one.raw) || (one.lines > 1 && others.isEdited)
  const foreign = fresh.filter(isForeign)
  if (foreign.length === 0) return { written: fresh }
  const written = fresh.filter((one) => !isForeign(one))
  return { written, refused: { ok: false, text: comments.ofOthers([...new Set(foreign.map(({ line }) => line))]) } }
}

const UNREAD_BEFORE: CommandResult = { ok: false, text: comments.tangledBefore }

const UNKNOWN_EDITS: CommandResult = { ok: false, text: comments.untoldEdits }
