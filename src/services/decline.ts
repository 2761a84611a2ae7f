import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'
import { findRigOf, agentsOf, isRigNamed, deleteRig } from '../ledger/tables/rigs.ts'
import { unstampedOf, deleteCompletion } from '../ledger/tables/completions.ts'
import { claimsOf } from '../ledger/tables/wanted-details.ts'
import { unstampedEntriesOf, deleteEntry } from '../ledger/tables/bounties.ts'
import { declining } from '../replies/decline.ts'
import { listClaims, type StoredClaim } from '../operations/tables/claims.ts'
import { releaseItemsOf } from '../operations/tables/pull-request-items.ts'
import { passOn } from './revisit-waiting.ts'
import { commandTrailers } from './participant.ts'
import { commitAuthor, type Rig } from '../domain/rig.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { freeAgent } from '../ledger/tables/rig-links.ts'
import { isOut } from '../operations/tables/opt-outs.ts'

/**
 * Opts a person out: their open claims and unstamped work are released, stamped work stays. Without `confirm` the
 * person is asked to confirm.
 */
export async function declinePart(
  deps: ServiceDeps,
  context: CommandContext,
  { confirm: isConfirmed }: { confirm?: 'confirm' | undefined },
  id: string,
): Promise<CommandResult> {
  const standing = await deps.optOuts.standing(deps.host, context.author.id)
  // A person who is out already is not asked: the repeated command finishes what a crash broke off.
  if (isConfirmed === undefined && !isOut(standing, 'part')) return whetherMeant(deps, context)
  // The command is delivered again, after the person came back.
  if (standing.joined !== undefined && new Date(context.at) < standing.joined) return DONE
  await takeOut(deps, context, id)
  return DONE
}

const DONE: CommandResult = { ok: true, text: declining.done }

async function whetherMeant(deps: ServiceDeps, { author, on }: CommandContext): Promise<CommandResult> {
  const open = await deps.ledger.read(async (db) => {
    const rig = await findRigOf(db, deps.host, author)
    if (rig === undefined) return { claims: 0, works: 0 }
    const submitted = await unstampedOf(db, rig.handle)
    return {
      claims: (await claimsOf(db, rig.handle)).length,
      works: submitted.length + (await unstampedEntriesOf(db, rig.handle)).length,
    }
  })
  return { ok: false, text: declining.whetherMeant(open, on) }
}

/** Opts the author out from now on, and releases their open claims and work. */
async function takeOut(deps: ServiceDeps, context: CommandContext, id: string): Promise<void> {
  // First, so that nothing registers them again while their claims are released.
  await deps.optOuts.add(deps.host, context.author.id, 'part', new Date(context.at))
  const held = (await listClaims(deps.store)).filter((claim) => isOf(claim, deps, context))
  const opened = await releaseClaims(deps, context, id)
  const concerned = await releaseItemsOf(deps.store, deps.host, context.author.id)
  for (const pull of concerned) await deps.revisit(pull)
  // The stored claims too: an earlier run may have released them and then crashed.
  for (const wanted of new Set([...opened, ...held.map((claim) => claim.wanted_id)])) await passOn(deps, wanted)
}

function isOf(claim: StoredClaim, { host }: ServiceDeps, { author }: CommandContext): boolean {
  return claim.host === host && claim.person_id === author.id
}

/**
 * Releases work and claims one by one, each in a Dolt commit of its own, then deletes the rig's row where nothing names
 * it. Resolves to the items that are open again.
 */
async function releaseClaims(deps: ServiceDeps, context: CommandContext, id: string): Promise<string[]> {
  const opened: string[] = []
  for (;;) {
    const { value } = await deps.ledger.transact<DeclineChange | undefined>(async (db) => {
      const rig = await findRigOf(db, deps.host, context.author)
      const change = rig && (await nextChange(db, rig, context.at))
      if (change === undefined) return { value: undefined }
      const { subject, branch } = change
      const trailers = commandTrailers(context, id)
      const where = branch === undefined ? {} : { branch, empty: true }
      return { value: change, commit: { author: commitAuthor(context.author), subject, trailers, ...where } }
    })
    if (value === undefined) return opened
    if (value.opened !== undefined) opened.push(value.opened)
  }
}

interface DeclineChange {
  subject: string
  /** The item that it makes open again. */
  opened?: string
  /** The branch on which the row of an entry was deleted. */
  branch?: string
}

/** Writes the next release and names its commit; undefined when nothing is left. */
async function nextChange(db: CommonsDb, rig: Rig, at: string): Promise<DeclineChange | undefined> {
  for (const { id, wantedId } of await unstampedOf(db, rig.handle)) {
    const item = await findWanted(db, wantedId)
    if (item?.status !== 'in_review' || item.claimedBy !== rig.handle) continue
    await deleteCompletion(db, id)
    await moveWanted(db, 'withdraw', wantedId, { holder: rig.handle, claimedBy: null, evidence: null, at })
    return { subject: `wl unclaim: ${wantedId}`, opened: wantedId }
  }
  const [entry] = await unstampedEntriesOf(db, rig.handle)
  if (entry !== undefined)
    return { subject: `wl unclaim: ${entry.wantedId}`, branch: (await deleteEntry(db, entry)).branch }
  const [claim] = await claimsOf(db, rig.handle)
  if (claim !== undefined) {
    await moveWanted(db, 'unclaim', claim, { holder: rig.handle, claimedBy: null, at })
    return { subject: `wl unclaim: ${claim}`, opened: claim }
  }
  const [agent] = await agentsOf(db, rig.handle)
  if (agent !== undefined) {
    await freeAgent(db, agent, rig.handle, { rig: rig.handle, at })
    return { subject: `Disown rig: ${agent}` }
  }
  if ((await isRigNamed(db, rig.handle)) || isJudged(rig)) return undefined
  await deleteRig(db, rig.handle)
  return { subject: `Unregister rig: ${rig.handle}` }
}

/**
 * True where others decided something about the rig: its trust, its type or its owner. Its row stays then, so that a
 * person who comes back is what they were, suspended too.
 */
function isJudged({ trustLevel, rigType, parentRig }: Rig): boolean {
  return trustLevel !== 1 || rigType !== 'human' || parentRig !== null
}
