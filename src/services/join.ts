import { whyLeftAlone } from './left-alone.ts'
import type { ServiceDeps, CommandResult, CommandContext } from './context.ts'
import type { Account } from '../domain/rig.ts'
import { pullRequestsOf } from '../operations/tables/pull-request-items.ts'
import { type OptOutStatus, isOut } from '../operations/tables/opt-outs.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { quote } from '../replies/markdown.ts'

/** Takes `decline` and `forget` back, once a day. */
export async function joinAgain(deps: ServiceDeps, context: CommandContext): Promise<CommandResult> {
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { ok: false, text: alone }
  const { author, at: said } = context
  const at = new Date(said)
  const standing = await deps.optOuts.standing(deps.host, author.id)
  const may = comingBack(standing, at)
  switch (may) {
    case 'done':
      // A crash may have come before they were looked at.
      if (!isOut(standing, 'part')) await revisitTheirs(deps, author)
      return BACK
    case 'not out':
      return takesPart(deps, author)
    case 'older':
      return OLDER
    case 'too soon':
      return tooSoon(standing.joined!)
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
 * What a `/wl join` that was said then comes to. `done`: it is delivered again, and does not undo what they said since.
 * `older`: they went out after it.
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

/** Nothing is written but that they are out no more: the rig is registered with what they do next. */
const BACK: CommandResult = {
  ok: true,
  text:
    'You take part again: what you do from now on is recorded, and `/wl import` imports your profile. What was let go stays ' +
    'so, and may be claimed again, `/wl claim`; a pull request of yours that names an item does that by itself, at its next ' +
    'change at the latest. A rig that was suspended is so still.',
}

const OLDER: CommandResult = {
  ok: false,
  text: 'You said `/wl decline` or `/wl forget` after this, so that stands. To take it back, say `/wl join` in a new comment.',
}

/** So that going and coming fills no ledger. */
function tooSoon(joined: Date): CommandResult {
  const next = new Date(joined.getTime() + DAY_MS).toISOString().slice(0, 16).replace('T', ' ')
  return {
    ok: false,
    text: `You came back within the last day already, and \`/wl join\` works once a day. Say it again after ${next} UTC.`,
  }
}

async function takesPart(deps: ServiceDeps, author: Account): Promise<CommandResult> {
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  const text =
    rig === undefined
      ? 'There is nothing to join: you may take part as you are. A rig is registered for you with the first thing that you do: ' +
        'a pull request that names an item, `/wl claim` or `/wl post`. `/wl board` lists the open items.'
      : `You take part already: your rig is ${quote(rig.handle)}. \`/wl sheet\` shows it.`
  return { ok: true, text }
}
