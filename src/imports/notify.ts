import { Unavailable } from '../domain/errors.ts'
import { closeIssue } from '../github/issues.ts'
import { under } from '../github/manifest.ts'
import { findImport, type StoredImport } from '../operations/tables/imports.ts'
import { eraseReplies, findReply } from '../operations/tables/sent-replies.ts'
import { imports as words } from '../replies/imports.ts'
import type { ImportDeps } from './deps.ts'

/** Reports the progress or result of an import on its thread: one comment, edited in place. */
export async function notify(deps: ImportDeps, row: StoredImport): Promise<void> {
  if (row.thread === null) return
  const { installation_id: installation, closes, ...issue } = row.thread
  const thread = { installation, ...issue }
  const key = `import/${row.id}`
  await deps.reply(thread, key, await textOf(deps, row))
  // The person was erased meanwhile: the comment is taken back, and not recorded.
  if ((await findImport(deps.store, row.id)) === undefined) {
    await takeBack(deps, row)
    await eraseReplies(deps.store, [key])
  }
  if (closes && row.ended_at !== null) await closeIssue(deps, thread, thread.number)
}

/** Removes the comment about an import from its thread. False where GitHub refuses that. */
export async function takeBack(deps: ImportDeps, { id, thread }: StoredImport): Promise<boolean> {
  if (thread === null) return true
  const { installation_id: installation, closes: _, ...issue } = thread
  try {
    await deps.reply({ installation, ...issue }, `import/${id}`, words.takenBack, { when: 'if-said' })
    return (await findReply(deps.store, `import/${id}`))?.refused == null
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return false
  }
}

async function textOf(deps: ImportDeps, { id, login, state, handle, changed, failure }: StoredImport) {
  const page = (path: string) => deps.publicUrl && under(deps.publicUrl, path)
  if (state === 'cancelled') return words.cancelled(login)
  if (state === 'failed') return words.failed(login, failure ?? words.fault)
  const sheet = state === 'done' && handle !== null ? await deps.profiles.read(handle) : undefined
  if (sheet === undefined) return words.begun(login, page(`/import/${id}`))
  return words.done({ ...sheet, changed: changed === true }, page(`/rigs/${sheet.handle}`))
}
