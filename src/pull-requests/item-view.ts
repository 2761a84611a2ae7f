import type { Rig } from '../domain/rig.ts'
import type { ShownAgent, ShownItem, ShownStamp } from '../replies/shown-item.ts'
import { ownersAsked } from '../ledger/tables/rig-links.ts'
import { findRig } from '../ledger/tables/rigs.ts'
import type { Settings } from '../authorization/settings.ts'
import { type JudgedStamp, shownStamps } from './shown-stamps.ts'
import type { SyncedItem, SyncItemDeps } from './types.ts'
import { capFor } from '../reputation/policy.ts'
import { readEvidence } from '../domain/evidence.ts'
import { standingReverts } from './reverts.ts'
import type { Completion } from '../domain/completion.ts'
import { completionsOf } from '../ledger/tables/completions.ts'

/**
 * The agent's human, or the people who asked to be its human; `proposed` for a person whom settings propose as an
 * agent.
 */
export async function agentShown(
  { ledger }: Pick<SyncItemDeps, 'ledger'>,
  agent: Rig,
  isProposed: boolean,
): Promise<ShownAgent | undefined> {
  if (agent.rigType !== 'agent') return isProposed ? 'proposed' : undefined
  if (agent.parentRig !== null) return { owner: agent.parentRig }
  return ledger.read(async (db) => {
    const asked = await ownersAsked(db, agent.handle)
    const humans = await Promise.all(asked.map((link) => findRig(db, link.rig_a)))
    return { asked: humans.flatMap((human) => human?.displayName ?? []) }
  })
}

/** States in which the pull request's author has something to mend, or waits in vain. */
const TOLD_ALWAYS: ReadonlySet<ShownItem['state']['is']> = new Set([
  'unknown',
  'withdrawn-item',
  'completed-elsewhere',
  'taken',
  'capped',
  'not-adopted',
])

/**
 * The mode of the status comment where settings ask for quiet: while nothing is wrong no comment is made, and an
 * earlier one is kept up to date.
 */
export function isQuiet({ quiet }: Settings, shown: readonly ShownItem[], malformed: readonly string[]) {
  const isWrong = malformed.length > 0 || shown.some(({ state }) => TOLD_ALWAYS.has(state.is))
  return quiet && !isWrong ? 'if-said' : undefined
}

type Mark = (stamps: readonly JudgedStamp[]) => Promise<ShownStamp[]>

export async function show(deps: SyncItemDeps, { wanted, rest, view }: SyncedItem, mark: Mark): Promise<ShownItem> {
  const title = view.item?.title
  if (rest === 'taken') return { wanted, title, state: { is: rest, holder: view.item?.claimedBy ?? null } }
  if (rest === 'capped') {
    const trustLevel = view.rig?.trustLevel ?? 1
    return { wanted, title, state: { is: rest, trustLevel, cap: capFor(deps.policy.claims, trustLevel) } }
  }
  if (rest === 'rejected' || rest === 'spent')
    return { wanted, title, state: { is: rest, reason: view.rejected ?? '', bounty: view.bounty === true } }
  if (rest === 'not-adopted') {
    const url = readEvidence(view.adopted?.evidence ?? null)?.url
    return { wanted, title, state: { is: rest, by: view.adopted?.completedBy, url } }
  }
  const shares = view.mine === undefined ? [] : await sharesOf(deps, view.mine)
  const reverts = view.mine === undefined ? [] : await standingReverts(deps, view.mine.id)
  if (rest !== 'stamped') return { wanted, title, state: { is: rest }, shares, reverts }
  return {
    wanted,
    title,
    state: { is: rest, stamps: view.mine === undefined ? [] : await mark(await shownStamps(deps, view.mine.id)) },
    shares,
    reverts,
  }
}

/** The stamps on the shares of co-authors. */
async function sharesOf(deps: SyncItemDeps, { id, wantedId }: Completion): Promise<JudgedStamp[]> {
  const all = await deps.ledger.read((db) => completionsOf(db, wantedId))
  const shares = all.filter((one) => one.parentId === id)
  return (await Promise.all(shares.map((share) => shownStamps(deps, share.id)))).flat()
}
