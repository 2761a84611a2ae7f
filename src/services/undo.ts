import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { type KeptStamp, findStamp, lastStampOf, stampsBy, deleteStamp, hasStamp } from '../ledger/tables/stamps.ts'
import { findCompletion, completionsOf, unlinkStamp, deleteCompletion } from '../ledger/tables/completions.ts'
import { givenIn, commandHasRun } from '../operations/tables/ledger-index.ts'
import { undoing } from '../replies/undo.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { ledgerSeconds } from '../domain/time.ts'
import { isAdopted } from '../ledger/tables/bounties.ts'
import { moveWanted, findWanted } from '../ledger/tables/wanted.ts'
import { syncHere } from './sync-here.ts'
import { pullRequestsOn } from '../operations/tables/pull-request-items.ts'
import { gaveNone, ownStamp } from './find-own-stamp.ts'
import { takeBackDeferred } from './defer-stamp.ts'
import { requireParticipant } from './require-participant.ts'
import { record } from './record.ts'

/** Takes a stamp back within a day, while it is the last one that the contributor got. */
export async function undoStamp(
  deps: ServiceDeps,
  context: CommandContext,
  args: { stamp?: string | undefined; reason?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const done: CommandResult = { ok: true, text: undoing.doneBefore, isAgain: true }
  if (await commandHasRun(deps.store, deps.ledger, id)) {
    await syncHere(deps, context)
    return done
  }
  if (args.stamp === undefined && (await takeBackDeferred(deps, context, id)))
    return { ok: true, text: undoing.deferred(args.reason !== undefined) }
  const own = await ownStamp(deps, context, args.stamp, 'undo')
  if ('refused' in own) return { ok: false, text: own.refused }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { stamp } = own
  const completion = await deps.ledger.read((db) => findCompletion(db, stamp.contextId))
  const given = await givenIn(deps.store, deps.ledger, [stamp.id])
  const answer = await record(deps, context, id, undoing.doneBefore, async (db) => {
    const refused = await refusalNow(deps, db, context, stamp.id)
    if (refused !== undefined) return { refuse: refused }
    const wanted = await takeBack(db, stamp, context.at)
    return {
      subject: `wl undo: ${wanted}`,
      trailers: { 'Stamp-Undone': stamp.id, ...(args.reason === undefined ? {} : { Reason: args.reason }) },
      verifyAfter: async (after) => !(await hasStamp(after, stamp.id)),
    }
  })
  if (!answer.ok) return answer
  await refreshStatus(deps, context, completion?.wantedId)
  return { ok: true, text: await takenBack(deps, stamp, given) }
}

/** The reason why the author of the command has no stamp to undo; undefined where they might have one. */
export function whyNotUndo(
  deps: ServiceDeps,
  context: CommandContext,
  { stamp }: IdsInLine,
): Promise<string | undefined> {
  return gaveNone(deps, context, stamp, 'undo')
}

const DAY_SECONDS = 86_400

/** The answer, with the values of the stamp that was undone and the stamp that counts now. */
async function takenBack(deps: ServiceDeps, stamp: KeptStamp, given: Map<string, string[]>): Promise<string> {
  const now = await deps.ledger.read(async (db) => {
    const linked = (await findCompletion(db, stamp.contextId))?.stampId
    return linked == null ? undefined : findStamp(db, linked)
  })
  const names = now === undefined ? [] : (await givenIn(deps.store, deps.ledger, [now.id])).get(now.id)
  return undoing.done({ ...stamp, given: given.get(stamp.id) }, now && { ...now, given: names })
}

async function refusalNow(
  deps: ServiceDeps,
  db: CommonsDb,
  { author, at }: CommandContext,
  id: string,
): Promise<string | undefined> {
  const stamp = await findStamp(db, id)
  const rig = await findRigOf(db, deps.host, author)
  if (stamp === undefined || stamp.author !== rig?.handle) return undoing.notYours(id)
  if (Date.parse(at) / 1000 - ledgerSeconds(stamp.createdAt) > DAY_SECONDS) return undoing.tooOld(id)
  const last = await lastStampOf(db, stamp.subject)
  if (last?.id === id) return (await hasShares(db, stamp)) ? undoing.hasShares : undefined
  const isCorrected = (await stampsBy(db, stamp.author, [stamp.contextId])).length > 1
  return undoing.notLast(id, stamp.subject, { isCorrected })
}

/**
 * True where the completion of an adopted entry has stamped shares of co-authors. Work adopted from an open bounty
 * leaves main with its only stamp, and those shares cannot.
 */
async function hasShares(db: CommonsDb, { contextId }: KeptStamp): Promise<boolean> {
  const completion = await findCompletion(db, contextId)
  if (completion === undefined || !(await isAdopted(db, completion))) return false
  if ((await stampsBy(db, undefined, [contextId])).length > 1) return false
  return (await completionsOf(db, completion.wantedId)).some((one) => one.parentId === contextId)
}

/**
 * Deletes a stamp and its link, and returns the item's id. Another stamp on the completion gets the link. Without one
 * the item is in review again, and a co-author's completion is deleted with its only stamp. Work that was adopted from
 * an open bounty leaves main with its only stamp, and is an entry again.
 */
async function takeBack(db: CommonsDb, { id, contextId }: KeptStamp, at: string): Promise<string> {
  await deleteStamp(db, id)
  const completion = await findCompletion(db, contextId)
  if (completion === undefined) return id
  if (completion.stampId !== id) return completion.wantedId
  const [other] = await stampsBy(db, undefined, [contextId])
  await unlinkStamp(db, contextId, id, other)
  if (other !== undefined) return completion.wantedId
  if (completion.parentId != null) await deleteCompletion(db, contextId)
  else if (await isAdopted(db, completion)) {
    await deleteCompletion(db, contextId)
    await moveWanted(db, 'reopen', completion.wantedId, { claimedBy: null, evidence: null, at })
  } else if ((await findWanted(db, completion.wantedId))?.status === 'completed')
    await moveWanted(db, 'undo', completion.wantedId, { at })
  return completion.wantedId
}

/** Refreshes the status comments: on this thread, and on the item's pull requests elsewhere. */
async function refreshStatus(deps: ServiceDeps, context: CommandContext, wanted: string | undefined) {
  const { place, repository } = context
  await syncHere(deps, context)
  const pulls = wanted === undefined ? [] : await pullRequestsOn(deps.store, deps.host, [wanted])
  for (const pull of pulls) {
    if (pull.repository_id !== repository.id || pull.number !== place.number) await deps.revisit(pull)
  }
}
