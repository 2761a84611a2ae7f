import { whyLeftAlone } from './left-alone.ts'
import type { ServiceDeps, CommandResult, CommandContext } from './context.ts'
import type { Account } from '../domain/rig.ts'
import { pullRequestsOf } from '../operations/tables/pull-request-items.ts'
import { type OptOutStatus, isOut } from '../operations/tables/opt-outs.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { joining } from '../replies/join.ts'

/** Takes `/wl decline` and `/wl forget` back, at most once a day. */
export async function joinAgain(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { ok: false, text: alone }
  const { author, at: said } = context
  const at = new Date(said)
  const standing = await deps.optOuts.standing(deps.host, author.id)
  const may = comingBack(standing, at)
  switch (may) {
    case 'done':
      // An earlier run may have crashed before their pull requests were refreshed.
      if (!isOut(standing, 'part')) await revisitTheirs(deps, author)
      return BACK
    case 'not out':
      return takesPart(deps, author)
    case 'older':
      return { ok: false, text: joining.older }
    case 'too soon':
      // The limit keeps people who decline and join in turn from filling the ledger.
      return { ok: false, text: joining.tooSoon(new Date(standing.joined!.getTime() + DAY_MS)) }
    case 'may':
      await deps.optOuts.join(deps.host, author.id, at)
      await revisitTheirs(deps, author)
      return BACK
    default:
      return may satisfies never
  }
}

const SECOND_MS = 1000

const DAY_MS = 86_400_000

async function revisitTheirs({ store, host, revisit }: ServiceDeps, { id }: Account) {
  for (const pull of await pullRequestsOf(store, host, id)) await revisit(pull)
}

/**
 * The outcome of a `/wl join` that was written at this time. `done`: it is delivered again, and does not undo a later
 * command of the person. `older`: the person opted out after it.
 */
export function comingBack(standing: OptOutStatus, at: Date): 'may' | 'done' | 'not out' | 'older' | 'too soon' {
  const { part, imports, joined } = standing
  if (joined !== undefined && at <= joined) return 'done'
  if (!isOut(standing, 'part') && !isOut(standing, 'imports')) return 'not out'
  const out = Math.max(...[part, imports].map((one) => one?.getTime() ?? 0))
  // GitHub's times are whole seconds.
  if (at.getTime() < Math.floor(out / SECOND_MS) * SECOND_MS) return 'older'
  return joined !== undefined && at.getTime() - joined.getTime() < DAY_MS ? 'too soon' : 'may'
}

/**
 * The answer to a person who came back. Only the end of the opt-out is stored: the rig is registered with their next
 * action.
 */
const BACK: CommandResult = { ok: true, text: joining.done }

async function takesPart(deps: ServiceDeps, author: Account): Promise<CommandResult> {
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  return { ok: true, text: rig === undefined ? joining.nothingToJoin : joining.takesPart(rig.handle) }
}
