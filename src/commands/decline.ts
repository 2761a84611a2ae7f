import { z } from 'zod'
import { commitAuthor, type Rig } from '../domain/rig.ts'
import { deleteCompletion, unstampedOf } from '../ledger/completions.ts'
import { freeAgent } from '../ledger/rig-links.ts'
import { agentsOf, deleteRig, findRigOf, isRigNamed } from '../ledger/rigs.ts'
import type { CommonsDb } from '../ledger/tables.ts'
import { claimsOf, findWanted, moveWanted } from '../ledger/wanted.ts'
import { releaseItemsOf } from '../operations/pull-request-items.ts'
import { command, type CommandRooms, type Situation } from './command.ts'
import { commandTrailers } from './participant.ts'

export const decline = command({
  name: 'decline',
  group: 'you',
  usage: '/wl decline',
  summary: 'takes you out: open claims go, nothing new is recorded',
  who: 'the person, for themself',
  examples: ['/wl decline'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  async run(rooms, situation, _args, id) {
    // First, so that nothing registers them again while their claims are let go.
    await rooms.optOuts.add(rooms.host, situation.author.id)
    await letGo(rooms, situation, id)
    const concerned = await releaseItemsOf(rooms.store, rooms.host, situation.author.id)
    for (const pull of concerned) await rooms.revisit(pull)
    return {
      ok: true,
      text:
        'You take no part from now on: open claims and unstamped work of yours are withdrawn, and you will not be registered again. ' +
        'Stamped work and its history stay in the ledger, which is append-only.',
    }
  },
})

/** Lets go claim by claim, one Dolt commit each, then the rig's own row where nothing names it. */
async function letGo(rooms: CommandRooms, situation: Situation, id: string): Promise<void> {
  for (;;) {
    const { value } = await rooms.ledger.turn(async (db) => {
      const rig = await findRigOf(db, rooms.host, situation.author)
      const subject = rig && (await nextChange(db, rig, situation.at))
      if (subject === undefined) return { value: 'done' }
      return {
        value: 'more',
        commit: { author: commitAuthor(situation.author), subject, trailers: commandTrailers(situation, id) },
      }
    })
    if (value === 'done') return
  }
}

/** Writes the next thing to let go and names its commit; undefined when nothing is left. */
async function nextChange(db: CommonsDb, rig: Rig, at: string): Promise<string | undefined> {
  for (const { id, wantedId } of await unstampedOf(db, rig.handle)) {
    const item = await findWanted(db, wantedId)
    if (item?.status !== 'in_review' || item.claimedBy !== rig.handle) continue
    await deleteCompletion(db, id)
    await moveWanted(db, 'withdraw', wantedId, { holder: rig.handle, claimedBy: null, evidence: null, at })
    return `wl unclaim: ${wantedId}`
  }
  const [claim] = await claimsOf(db, rig.handle)
  if (claim !== undefined) {
    await moveWanted(db, 'unclaim', claim, { holder: rig.handle, claimedBy: null, at })
    return `wl unclaim: ${claim}`
  }
  const [agent] = await agentsOf(db, rig.handle)
  if (agent !== undefined) {
    await freeAgent(db, agent, rig.handle, { rig: rig.handle, at })
    return `Disown rig: ${agent}`
  }
  if (await isRigNamed(db, rig.handle)) return undefined
  await deleteRig(db, rig.handle)
  return `Unregister rig: ${rig.handle}`
}
