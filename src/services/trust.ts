import { TRUSTED } from '../authorization/permit.ts'
import { loweredWithinDay, trustRefusal, SUSPENDED } from '../authorization/trust.ts'
import type { Trailers } from '../domain/commit-message.ts'
import type { Account, Rig } from '../domain/rig.ts'
import type { Tie } from '../domain/ties.ts'
import { sameOwner } from '../ledger/tables/owners.ts'
import { findRig, findRigOf, setTrustLevel } from '../ledger/tables/rigs.ts'
import { cappedItems } from '../operations/tables/pull-request-items.ts'
import { trustChangesAround } from '../operations/tables/trust-changes.ts'
import { trust } from '../replies/trust.ts'
import { requireParticipant } from './require-participant.ts'
import { isRegistered } from './participant.ts'
import { rigOfLogin } from './people.ts'
import { OPERATOR } from './actor.ts'
import { type Decision, record, recordBy } from './record.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

interface TrustChange {
  person: string
  level: number
  reason: string
  /** The answer, for the rig's handle. */
  said(handle: string): string
}

/** The reason why the author of the command cannot change anybody's trust; undefined where they might. */
export async function lacksTrust(deps: ServiceDeps, { author }: CommandContext): Promise<string | undefined> {
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  const level = rig?.trustLevel ?? 0
  return level >= TRUSTED ? undefined : trust.refused({ rule: 'not-trusted', level })
}

/** Changes a rig's trust in a Dolt commit of its own. The facts for the decision are read in the transaction. */
async function changeTrust(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  change: TrustChange,
): Promise<CommandResult> {
  // A person without the right is not registered for trying.
  if (!(await isRegistered(deps, context.author)))
    return { ok: false, text: trust.refused({ rule: 'not-trusted', level: 0 }) }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const found = await rigOfLogin(deps, context, change.person)
  if ('refused' in found) return { ok: false, text: found.refused }
  const answer = await record(deps, context, id, change.said(found.rig.handle), async (db) => {
    const by = (await findRigOf(db, deps.host, context.author)) ?? entered.rig
    const target = (await findRigOf(db, deps.host, found.account)) ?? found.rig
    const ownRigs = await sameOwner(db, by.handle)
    const lowered = await loweredBefore(deps, db, by.handle, new Date(context.at))
    const refused = trustRefusal({ rig: by, ownRigs, lowered }, target, change.level)
    if (refused !== undefined) return { refuse: trust.refused(refused) }
    return writeTrust(db, target, change, {
      Authority: `trust ${by.trustLevel}`,
      Trust: `${target.trustLevel} ${change.level} ${new Date(context.at).toISOString()} ${target.handle}`,
    })
  })
  // Work that waited because of their trust level may go on now.
  if (answer.ok) for (const item of await cappedItems(deps.store, found.account.id)) await deps.revisit(item)
  return answer
}

/**
 * Sets the trust of an account's rig as the operator. Resolves to the rig's handle; undefined where the account has no
 * rig. Nothing is committed where the rig has this level already.
 */
export async function setTrustAsOperator(
  { ledger, host }: Pick<ServiceDeps, 'ledger' | 'host'>,
  account: Account,
  change: { level: number; reason?: string },
): Promise<string | undefined> {
  let handle: string | undefined
  await recordBy(ledger, OPERATOR, undefined, async (db) => {
    const rig = await findRigOf(db, host, account)
    handle = rig?.handle
    if (rig === undefined) return { refuse: 'no rig' }
    if (trustRefusal(undefined, rig, change.level) !== undefined) return { already: 'so' }
    return writeTrust(db, rig, change)
  })
  return handle
}

async function writeTrust(
  db: CommonsDb,
  { handle }: Rig,
  { level, reason }: { level: number; reason?: string },
  { Authority, ...trailers }: Trailers = {},
): Promise<Decision> {
  await setTrustLevel(db, handle, level)
  return {
    subject: trustSubject(handle, level),
    trailers: { ...(Authority && { Authority }), ...(reason !== undefined && { Reason: reason }), ...trailers },
    verifyAfter: async (after) => (await findRig(after, handle))?.trustLevel === level,
  }
}

/** The subject of the Dolt commit of a change of trust. */
function trustSubject(handle: string, level: number): string {
  return level === SUSPENDED ? `Suspend rig: ${handle}` : `Promote rig: ${handle} to trust ${level}`
}

/**
 * The rig of level 3 that any rig of the person's lowered within a day of this time; undefined where there is none.
 * Must be called inside the transaction.
 */
async function loweredBefore(
  { store, ledger, host }: ServiceDeps,
  db: CommonsDb,
  by: string,
  at: Date,
): Promise<string | undefined> {
  const kept = await trustChangesAround(store, ledger, at)
  const handles = new Map<number, string>()
  // Looked up by id: a renamed account keeps its rig.
  for (const { byId } of kept)
    if (!handles.has(byId)) handles.set(byId, (await findRigOf(db, host, { id: byId, login: '' }))?.handle ?? '')
  const changes = kept
    .map(({ byId, ...change }) => ({ ...change, by: handles.get(byId)! }))
    .filter((one) => one.by !== '')
  const ties: Tie[] = []
  for (const handle of new Set([by, ...changes.flatMap((change) => [change.by, change.rig])]))
    for (const rig of await sameOwner(db, handle)) ties.push([handle, rig])
  return loweredWithinDay(by, at, changes, ties)
}

/** Sets a trust level, 1 to 3; lets a suspended rig in again. */
export async function promoteRig(
  deps: ServiceDeps,
  context: CommandContext,
  { person, level, reason }: { person: string; level: number; reason: string },
  id: string,
): Promise<CommandResult> {
  return changeTrust(deps, context, id, {
    person,
    level,
    reason,
    said: (handle) => trust.promoted(handle, level),
  })
}

/**
 * Suspends a rig: it can give no stamp, post nothing and claim nothing new. Stamps that it gave or got stay, and so do
 * its claims.
 */
export async function suspendRig(
  deps: ServiceDeps,
  context: CommandContext,
  { person, reason }: { person: string; reason: string },
  id: string,
): Promise<CommandResult> {
  return changeTrust(deps, context, id, {
    person,
    reason,
    level: SUSPENDED,
    said: (handle) => trust.suspended(handle, person),
  })
}
