import { whyLeftAlone } from './left-alone.ts'
import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { imports } from '../replies/imports.ts'

/** Requests the import of the author's own profile. The import reports its outcome in a comment of its own. */
export async function requestImport(deps: ServiceDeps, context: CommandContext, id: string): Promise<CommandResult> {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { ok: false, text: alone }
  const { place, author } = context
  const { installation: installation_id, owner, repo, number } = place
  const thread = { installation_id, owner, repo, number, closes: false }
  const requested = await deps.imports.request({
    login: author.login,
    by: { way: 'command', person: author, thread, cause: id },
  })
  if ('refused' in requested) return { ok: false, text: requested.refused }
  // The import's own comment reports its progress and its outcome.
  return requested.already ? { ok: true, text: imports.underWay } : { ok: true }
}
