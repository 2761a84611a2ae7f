import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { type KeptStamp, findStamp, lastStampOf, stampsBy, deleteStamp, hasStamp } from '../ledger/tables/stamps.ts'
import { findCompletion, completionsOf, unlinkStamp, deleteCompletion } from '../ledger/tables/completions.ts'
import { givenIn, commandHasRun } from '../operations/tables/ledger-index.ts'
import { quote } from '../replies/markdown.ts'
import { scoresText } from '../replies/scores.ts'
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
  const done: CommandResult = { ok: true, text: SAID, isAgain: true }
  if (await commandHasRun(deps.store, deps.ledger, id)) {
    await syncHere(deps, context)
    return done
  }
  if (args.stamp === undefined && (await takeBackDeferred(deps, context, id)))
    return { ok: true, text: args.reason === undefined ? TAKEN_BACK : `${TAKEN_BACK} ${NOT_KEPT}` }
  const own = await ownStamp(deps, context, args.stamp, 'undo')
  if ('refused' in own) return { ok: false, text: own.refused }
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { stamp } = own
  const completion = await deps.ledger.read((db) => findCompletion(db, stamp.contextId))
  const given = await givenIn(deps.store, deps.ledger, [stamp.id])
  const answer = await record(deps, context, id, SAID, async (db) => {
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

/** Why who acts has no stamp to take back; undefined where they might. */
export function whyNotUndo(
  deps: ServiceDeps,
  context: CommandContext,
  { stamp }: IdsInLine,
): Promise<string | undefined> {
  return gaveNone(deps, context, stamp, 'undo')
}

const DAY_SECONDS = 86_400

const ANEW =
  'The command that gave the stamp does not run again: to judge anew, say `/wl stamp quality=…` in a new comment.'

const SAID = `Taken back. If another stamp stands on this work, that one counts; if none does, the work waits to be judged again. ${ANEW}`

const TAKEN_BACK =
  'Taken back: it waits no longer, and the merge gives no stamp of yours. A new `/wl stamp` waits anew.'

const NOT_KEPT =
  'The reason stands in your comment alone: a stamp that waits for the merge is not in the ledger yet, so nothing is kept of it.'

/** What the stamp said, and which one counts now. */
async function takenBack(deps: ServiceDeps, stamp: KeptStamp, given: Map<string, string[]>): Promise<string> {
  const now = await deps.ledger.read(async (db) => {
    const linked = (await findCompletion(db, stamp.contextId))?.stampId
    return linked == null ? undefined : findStamp(db, linked)
  })
  const names = now === undefined ? [] : (await givenIn(deps.store, deps.ledger, [now.id])).get(now.id)
  const counts =
    now === undefined
      ? 'No stamp stands on this work now: it waits to be judged again.'
      : `What counts now is the stamp of ${quote(now.author)}: ${scoresText({ ...now, given: names, message: undefined })}.`
  const said = scoresText({ ...stamp, given: given.get(stamp.id), message: undefined })
  return `Taken back. The stamp had ${said}. ${counts} ${ANEW}`
}

async function refusalNow(
  deps: ServiceDeps,
  db: CommonsDb,
  { author, at }: CommandContext,
  id: string,
): Promise<string | undefined> {
  const stamp = await findStamp(db, id)
  const rig = await findRigOf(db, deps.host, author)
  if (stamp === undefined || stamp.author !== rig?.handle) return `There is no stamp ${quote(id)} of yours now.`
  if (Date.parse(at) / 1000 - ledgerSeconds(stamp.createdAt) > DAY_SECONDS)
    return `${quote(id)} is older than a day and stays. ${CORRECT}`
  const last = await lastStampOf(db, stamp.subject)
  if (last?.id === id) return (await hasShares(db, stamp)) ? SHARED : undefined
  const next = (await stampsBy(db, stamp.author, [stamp.contextId])).length > 1 ? '' : ` ${CORRECT}`
  return `${quote(id)} is not the last stamp that ${quote(stamp.subject)} got: later ones are chained to it, so it stays.${next}`
}

/** Work adopted from an open bounty leaves main with its only stamp, and its co-authors' stamped shares cannot. */
async function hasShares(db: CommonsDb, { contextId }: KeptStamp): Promise<boolean> {
  const completion = await findCompletion(db, contextId)
  if (completion === undefined || !(await isAdopted(db, completion))) return false
  if ((await stampsBy(db, undefined, [contextId])).length > 1) return false
  return (await completionsOf(db, completion.wantedId)).some((one) => one.parentId === contextId)
}

const SHARED =
  'This stamp adopted the work for an open bounty, and shares of its co-authors are stamped too. Who gave those takes them back ' +
  'first, `/wl undo s-…`, within a day; or correct this one: `/wl correct quality=… reason="…"`.'

const CORRECT = 'Its author may correct it once: `/wl correct quality=… reason="…"`.'

/**
 * Takes a stamp and its link away, and returns the item's id. Another stamp on the completion takes the link; else
 * the item is in review again, and a co-author's completion goes with its only stamp. What was adopted from an open
 * bounty leaves main with its only stamp, and is an entry again.
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

/** The status comments follow: here, and where the item's pull request is if that is elsewhere. */
async function refreshStatus(deps: ServiceDeps, context: CommandContext, wanted: string | undefined) {
  const { place, repository } = context
  await syncHere(deps, context)
  const pulls = wanted === undefined ? [] : await pullRequestsOn(deps.store, deps.host, [wanted])
  for (const pull of pulls) {
    if (pull.repository_id !== repository.id || pull.number !== place.number) await deps.revisit(pull)
  }
}
