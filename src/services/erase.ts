import { type OptOutStatus, isOut } from '../operations/tables/opt-outs.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'
import { forgetting, forgottenText } from '../replies/forgotten.ts'

/** Erases the author's imported profile. Without `confirm` the author is asked to confirm. */
export async function eraseProfile(
  deps: ServiceDeps,
  context: CommandContext,
  { confirm: isConfirmed }: { confirm?: 'confirm' | undefined },
): Promise<CommandResult> {
  const standing = await deps.optOuts.standing(deps.host, context.author.id)
  const at = new Date(context.at)
  if (isConfirmed === undefined && isSaidBefore(at, standing)) return BEFORE
  if (isConfirmed === undefined && !isOut(standing, 'imports'))
    return whetherMeant(deps, context, !isOut(standing, 'part'))
  // The command is delivered again, after the person came back: a profile that was imported since stays.
  if (standing.joined !== undefined && at < standing.joined) return { ok: true }
  return { ok: true, text: forgottenText(await deps.imports.erase(context.author, { at })) }
}

/**
 * Whether a command without `confirm` is delivered again: its author opted out after it. In an earlier version such a
 * command erased at once; in this one it asked, and the author has answered.
 */
function isSaidBefore(at: Date, standing: OptOutStatus): boolean {
  return (['part', 'imports'] as const).some((kind) => isOut(standing, kind) && at < standing[kind]!)
}

const BEFORE: CommandResult = { ok: true, text: forgetting.saidBefore }

async function whetherMeant(
  { imports }: ServiceDeps,
  { author }: CommandContext,
  takesPart: boolean,
): Promise<CommandResult> {
  const sheet = await imports.sheetOf(author)
  return { ok: false, text: forgetting.whetherMeant(sheet?.handle, takesPart) }
}
