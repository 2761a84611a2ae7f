import { board as boardText } from '../replies/board.ts'
import { openBoard } from '../queries/board.ts'
import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { whyLeftAlone } from './left-alone.ts'

const SHOWN = 10

/** The answer to `/wl board`: the newest open items, all or those with a tag. */
export async function listBoard(
  deps: ServiceDeps,
  context: CommandContext,
  { tag }: { tag?: string | undefined },
): Promise<CommandResult> {
  const { items, total, competing } = await openBoard(deps, { tag, limit: SHOWN })
  const text = boardText(items, total, tag, competing)
  const alone = await whyLeftAlone(context)
  return { ok: true, text: alone === undefined ? text : `${text}\n\n${alone}` }
}
