import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import type { Rig } from '../domain/rig.ts'
import { rigOfLogin } from './people.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { noSheet, sheetText } from '../replies/sheet.ts'
import { sheetOfRig } from '../queries/sheet.ts'
import { whyLeftAlone } from './left-alone.ts'

/** The answer to `/wl sheet`: work, stamps and skills of a person, and without a login the author's own. */
export async function showSheet(
  deps: ServiceDeps,
  context: CommandContext,
  { person: who }: { person?: string | undefined },
): Promise<CommandResult> {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { ok: false, text: alone }
  const found = await rigFor(deps, context, who)
  return 'refused' in found
    ? { ok: false, text: found.refused }
    : { ok: true, text: sheetText(found.rig, await sheetOfRig(deps, found.rig)) }
}

async function rigFor(
  deps: ServiceDeps,
  context: CommandContext,
  who: string | undefined,
): Promise<{ rig: Rig } | { refused: string }> {
  if (who !== undefined) {
    const found = await rigOfLogin(deps, context, who)
    const isOwn = 'refused' in found && /^(?:me|my|mine|myself|self|own)$/i.test(who)
    return isOwn ? { refused: noSheet.named(found.refused) } : found
  }
  const { author } = context
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  if (rig !== undefined) return { rig }
  return { refused: (await deps.optOuts.has(deps.host, author.id)) ? noSheet.declined : noSheet.own }
}
