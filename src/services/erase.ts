import { type OptOutStatus, isOut } from '../operations/tables/opt-outs.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'
import { quote } from '../replies/markdown.ts'
import { askToConfirm, confirmedLine } from './confirmed-line.ts'
import { forgottenText } from '../replies/forgotten.ts'

/** Erases one’s imported profile; asks first. */
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
  // Delivered again, after they came back: what has been imported since stays.
  if (standing.joined !== undefined && at < standing.joined) return { ok: true }
  return { ok: true, text: forgottenText(await deps.imports.erase(context.author, { at })) }
}

/** Whether it is delivered again: of an earlier version it did all of it, of this one it asked and was followed by what was meant. */
function isSaidBefore(at: Date, standing: OptOutStatus): boolean {
  return (['part', 'imports'] as const).some((kind) => isOut(standing, kind) && at < standing[kind]!)
}

const BEFORE: CommandResult = {
  ok: true,
  text:
    'This was said before you declined to take part, or were forgotten, so it does nothing now. To have what is imported of ' +
    'you removed, say `/wl forget` in a new comment.',
}

async function whetherMeant(
  { imports }: ServiceDeps,
  { author }: CommandContext,
  takesPart: boolean,
): Promise<CommandResult> {
  const sheet = await imports.sheetOf(author)
  const what =
    sheet === undefined
      ? 'Nothing that was imported of you is here now. Confirmed, it stays so: nobody could import you'
      : `Your imported profile ${quote(sheet.handle)} would be removed, with its history, for good, and nobody could import you again`
  return askToConfirm(
    `${what}, until you say \`/wl join\`. ` +
      (takesPart
        ? 'Your rig, claims, work and stamps stay, and you go on taking part.'
        : 'You declined to take part, and that stays so, as do your rig and stamps.'),
    confirmedLine('forget'),
    takesPart ? ['To take no further part is another choice: `/wl decline`.'] : [],
  )
}
