import { z } from 'zod'
import { commitAuthor, type Rig } from '../domain/rig.ts'
import { deleteEntry, unstampedEntriesOf } from '../ledger/bounties.ts'
import { deleteCompletion, unstampedOf } from '../ledger/completions.ts'
import { freeAgent } from '../ledger/rig-links.ts'
import { agentsOf, deleteRig, findRigOf, isRigNamed } from '../ledger/rigs.ts'
import type { CommonsDb } from '../ledger/tables.ts'
import { claimsOf, findWanted, moveWanted } from '../ledger/wanted.ts'
import { listClaims, type StoredClaim } from '../operations/claims.ts'
import { releaseItemsOf } from '../operations/pull-request-items.ts'
import { command, type CommandRooms, type Situation } from './command.ts'
import { commandTrailers } from './participant.ts'
import { passOn } from './waiting.ts'

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
    await takeOut(rooms, situation, id)
    return {
      ok: true,
      text:
        'You take no part from now on: open claims and unstamped work of yours are withdrawn, and you will not be registered again. ' +
        'Stamped work and its history stay in the ledger, which is append-only, and so does what you posted: a maintainer may take ' +
        'that off the board, `/wl withdraw w-…`.',
    }
  },
})

/** Keeps who says it out from now on, and lets go of what is open of theirs. */
export async function takeOut(rooms: CommandRooms, situation: Situation, id: string): Promise<void> {
  // First, so that nothing registers them again while their claims are let go.
  await rooms.optOuts.add(rooms.host, situation.author.id)
  const held = (await listClaims(rooms.store)).filter((claim) => isOf(claim, rooms, situation))
  const opened = await letGo(rooms, situation, id)
  const concerned = await releaseItemsOf(rooms.store, rooms.host, situation.author.id)
  for (const pull of concerned) await rooms.revisit(pull)
  // The noted claims too: a crash may have come after they were let go.
  for (const wanted of new Set([...opened, ...held.map((claim) => claim.wanted_id)])) await passOn(rooms, wanted)
}

function isOf(claim: StoredClaim, { host }: CommandRooms, { author }: Situation): boolean {
  return claim.host === host && claim.person_id === author.id
}

/**
 * Lets go claim by claim, one Dolt commit each, then the rig's own row where nothing names it. Resolves to the
 * items that are open again.
 */
async function letGo(rooms: CommandRooms, situation: Situation, id: string): Promise<string[]> {
  const opened: string[] = []
  for (;;) {
    const { value } = await rooms.ledger.turn<Change | undefined>(async (db) => {
      const rig = await findRigOf(db, rooms.host, situation.author)
      const change = rig && (await nextChange(db, rig, situation.at))
      if (change === undefined) return { value: undefined }
      const { subject, branch } = change
      const trailers = commandTrailers(situation, id)
      const where = branch === undefined ? {} : { branch, empty: true }
      return { value: change, commit: { author: commitAuthor(situation.author), subject, trailers, ...where } }
    })
    if (value === undefined) return opened
    if (value.opened !== undefined) opened.push(value.opened)
  }
}

interface Change {
  subject: string
  /** The item that it opens. */
  opened?: string
  /** Where the row of an entry was taken back. */
  branch?: string
}

/** Writes the next thing to let go and names its commit; undefined when nothing is left. */
async function nextChange(db: CommonsDb, rig: Rig, at: string): Promise<Change | undefined> {
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
  if (await isRigNamed(db, rig.handle)) return undefined
  await deleteRig(db, rig.handle)
  return { subject: `Unregister rig: ${rig.handle}` }
}
