import { trustRefusal, type TrustRefusal } from '../authorization/trust.ts'
import { sameOwner } from '../ledger/owners.ts'
import { findRig, findRigOf, setTrustLevel } from '../ledger/rigs.ts'
import { cappedItems } from '../operations/pull-request-items.ts'
import { quote } from '../replies/markdown.ts'
import type { Answer, CommandRooms, Situation } from './command.ts'
import { enter } from './enter.ts'
import { isRegistered } from './participant.ts'
import { rigOfLogin } from './people.ts'
import { record } from './record.ts'

export interface TrustChange {
  person: string
  level: number
  reason: string
  /** The commit's subject and what is said of it, for the rig's handle. */
  subject(handle: string): string
  said(handle: string): string
}

/** Changes a rig's trust in a Dolt commit of its own; what decides is read in the writer's turn. */
export async function changeTrust(
  rooms: CommandRooms,
  situation: Situation,
  id: string,
  change: TrustChange,
): Promise<Answer> {
  // Who asks for what they may not is not registered for having asked.
  if (!(await isRegistered(rooms, situation.author)))
    return { ok: false, text: refusal({ rule: 'not-trusted', level: 0 }) }
  const entered = await enter(rooms, situation)
  if ('refused' in entered) return entered.refused
  const found = await rigOfLogin(rooms, situation, change.person)
  if ('refused' in found) return { ok: false, text: found.refused }
  const answer = await record(rooms, situation, id, change.said(found.rig.handle), async (db) => {
    const by = (await findRigOf(db, rooms.host, situation.author)) ?? entered.rig
    const target = (await findRigOf(db, rooms.host, found.account)) ?? found.rig
    const refused = trustRefusal({ rig: by, ownRigs: await sameOwner(db, by.handle) }, target, change.level)
    if (refused !== undefined) return { refuse: refusal(refused) }
    await setTrustLevel(db, target.handle, change.level)
    return {
      subject: change.subject(target.handle),
      trailers: { Authority: `trust ${by.trustLevel}`, Reason: change.reason },
      stands: async (after) => (await findRig(after, target.handle))?.trustLevel === change.level,
    }
  })
  // What had to wait because of their trust may go on now.
  if (answer.ok) for (const item of await cappedItems(rooms.store, found.account.id)) await rooms.revisit(item)
  return answer
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
    default:
      return refused satisfies never
  }
}
