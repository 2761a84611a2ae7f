import { TRUSTED } from '../authorization/permit.ts'
import { loweredWithinDay, trustRefusal, type TrustRefusal } from '../authorization/trust.ts'
import type { Tie } from '../domain/ties.ts'
import { sameOwner } from '../ledger/owners.ts'
import { findRig, findRigOf, setTrustLevel } from '../ledger/rigs.ts'
import { cappedItems } from '../operations/pull-request-items.ts'
import { trustChangesAround } from '../operations/trust-changes.ts'
import { quote } from '../replies/markdown.ts'
import type { CommandResult, CommandDeps, CommandContext } from './command.ts'
import { requireParticipant } from './require-participant.ts'
import { isRegistered } from './participant.ts'
import { rigOfLogin } from './people.ts'
import { record } from './record.ts'
import type { CommonsDb } from '../ledger/types.ts'

export interface TrustChange {
  person: string
  level: number
  reason: string
  /** The commit's subject and what is said of it, for the rig's handle. */
  subject(handle: string): string
  said(handle: string): string
}

/** Why who speaks changes nobody's trust; undefined where they might. */
export async function lacksTrust(deps: CommandDeps, { author }: CommandContext): Promise<string | undefined> {
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  const level = rig?.trustLevel ?? 0
  return level >= TRUSTED ? undefined : refusal({ rule: 'not-trusted', level })
}

/** Changes a rig's trust in a Dolt commit of its own; what decides is read in the transaction. */
export async function changeTrust(
  deps: CommandDeps,
  context: CommandContext,
  id: string,
  change: TrustChange,
): Promise<CommandResult> {
  // Who asks for what they may not is not registered for having asked.
  if (!(await isRegistered(deps, context.author)))
    return { ok: false, text: refusal({ rule: 'not-trusted', level: 0 }) }
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
    if (refused !== undefined) return { refuse: refusal(refused) }
    await setTrustLevel(db, target.handle, change.level)
    return {
      subject: change.subject(target.handle),
      trailers: {
        Authority: `trust ${by.trustLevel}`,
        Reason: change.reason,
        Trust: `${target.trustLevel} ${change.level} ${new Date(context.at).toISOString()} ${target.handle}`,
      },
      verifyAfter: async (after) => (await findRig(after, target.handle))?.trustLevel === change.level,
    }
  })
  // What had to wait because of their trust may go on now.
  if (answer.ok) for (const item of await cappedItems(deps.store, found.account.id)) await deps.revisit(item)
  return answer
}

/** The rig of level 3 that the person's side lowered within a day of this. Ask inside the transaction. */
async function loweredBefore(
  { store, ledger, host }: CommandDeps,
  db: CommonsDb,
  by: string,
  at: Date,
): Promise<string | undefined> {
  const kept = await trustChangesAround(store, ledger, at)
  const handles = new Map<number, string>()
  // By id: who was renamed since keeps the rig.
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

const ANOTHER = 'Somebody else of trust level 3 may, or the operator: `wasteland-bridge promote` and `suspend`.'

function refusal(refused: TrustRefusal): string {
  switch (refused.rule) {
    case 'not-trusted': {
      const yours = refused.level > 0 ? ` Yours is ${refused.level}.` : refused.level < 0 ? ' You are suspended.' : ''
      return `Only a rig of trust level 3 changes trust.${yours} ${ANOTHER}`
    }
    case 'agent':
      return `An agent changes nobody's trust: that is a person's word. ${ANOTHER}`
    case 'oneself':
      return `Nobody changes their own trust, and ${quote(refused.rig)} is yours. ${ANOTHER}`
    case 'above':
      return `${quote(refused.rig)} and trust level ${refused.level}: that is above your own level. Ask the operator.`
    case 'already':
      return refused.level < 0
        ? `${quote(refused.rig)} is suspended already.`
        : `${quote(refused.rig)} has trust level ${refused.level} already.`
    case 'one-a-day':
      return (
        `${quote(refused.rig)} has trust level 3, and you, or somebody tied to you or newly promoted, lowered ` +
        `${quote(refused.lowered)} within a day. One person lowers or suspends one rig of level 3 a day. ` +
        'Somebody else of trust level 3, who did not get it from you within 7 days, says the same command, ' +
        'or the operator does: `wasteland-bridge suspend` or `promote`.'
      )
    default:
      return refused satisfies never
  }
}
