import { whyLeftAlone } from './left-alone.ts'
import type { Completion } from '../domain/completion.ts'
import { readEvidence } from '../domain/evidence.ts'
import { getIssue } from '../github/repositories.ts'
import { completionsOf } from '../ledger/tables/completions.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { findStamp, hasStamped, type KeptStamp, stampsBy } from '../ledger/tables/stamps.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import type { JudgedHead } from '../pull-requests/judged-head.ts'
import { ownStamps } from '../replies/own-stamp.ts'
import { syncHere } from './sync-here.ts'
import { ownDeferred } from './defer-stamp.ts'
import { idsHere } from './require-item-manager.ts'
import { judgedHere } from './judged-here.ts'
import type { SyncedPullRequest } from '../pull-requests/types.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/** A stamp that the author of the command gave. */
export interface OwnStamp {
  stamp: KeptStamp
  /** True when the stamp is on the work of this thread. */
  isHere: boolean
  /** The pull request of this thread. */
  synced: SyncedPullRequest | undefined
  /** Whether the pull request still has the head that the command judges. */
  judged: JudgedHead | undefined
}

/**
 * Finds the author's stamp that a command names, or theirs on the work of this thread; else returns the refusal.
 * Without an id, a correction is taken in place of the stamp that it corrects. Where several are meant the refusal asks
 * which. A wrong id is refused: no other stamp is taken in its place.
 */
export async function ownStamp(
  deps: ServiceDeps,
  context: CommandContext,
  named: string | undefined,
  act: 'undo' | 'correct',
): Promise<OwnStamp | { refused: string }> {
  const { author } = context
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { refused: alone }
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  const stamp = named === undefined ? undefined : await deps.ledger.read((db) => findStamp(db, named))
  if (named !== undefined && stamp === undefined) return { refused: ownStamps.unknown(named) }
  if (stamp !== undefined && stamp.author !== rig?.handle) return { refused: ownStamps.notYours(stamp, act) }
  // A person who never gave a stamp has none here. The work is not read then, for that costs many requests.
  if (rig === undefined || !(await deps.ledger.read((db) => hasStamped(db, rig.handle))))
    return { refused: ownStamps.noneHere(act) }
  const { completions, synced, judged } = await workHere(deps, context)
  const ids = completions.map((completion) => completion.id)
  if (stamp !== undefined) return { stamp, isHere: ids.includes(stamp.contextId), synced, judged }
  const mine = await deps.ledger.read((db) => stampsBy(db, rig.handle, ids))
  const latest = [...new Map(mine.map((stamp) => [stamp.contextId, stamp])).values()]
  if (latest.length > 1) return { refused: ownStamps.which(latest, act) }
  const [only] = latest
  return only === undefined ? { refused: ownStamps.noneHere(act) } : { stamp: only, isHere: true, synced, judged }
}

/** The reason why the author of the command has no stamp to undo or correct; undefined where they might have one. */
export async function gaveNone(
  deps: ServiceDeps,
  context: CommandContext,
  named: string | undefined,
  act: 'undo' | 'correct',
): Promise<string | undefined> {
  const { author } = context
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return alone
  if (act === 'undo' && (await ownDeferred(deps, context)).length > 0) return undefined
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  if (rig === undefined || !(await deps.ledger.read((db) => hasStamped(db, rig.handle)))) return ownStamps.noneHere(act)
  if (named !== undefined) return undefined
  const items = await idsHere(deps, context)
  const mine = await deps.ledger.read(async (db) => {
    const completions = (await Promise.all(items.map((id) => completionsOf(db, id)))).flat()
    return stampsBy(
      db,
      rig.handle,
      completions.map(({ id }) => id),
    )
  })
  return mine.length > 0 ? undefined : ownStamps.noneHere(act)
}

/**
 * The completions of this thread: those of the pull request with its co-authors' shares, or those that `/wl done`
 * submitted for this issue.
 */
async function workHere(
  deps: ServiceDeps,
  context: CommandContext,
): Promise<{ completions: Completion[] } & Pick<OwnStamp, 'synced' | 'judged'>> {
  const { on, place } = context
  if (on === 'issue') {
    const issue = await getIssue(deps, place, place.number)
    const all = await deps.ledger.read(async (db) => {
      const item = issue && (await findWantedOf(db, deps.host, issue))
      return item === undefined ? [] : completionsOf(db, item.id)
    })
    const completions = all.filter((one) => readEvidence(one.evidence) === undefined)
    return { completions, synced: undefined, judged: undefined }
  }
  // Must come before the sync, which stores the present head as seen.
  const judged = await judgedHere(deps, context)
  const synced = await syncHere(deps, context)
  if (synced === undefined || 'refused' in synced) return { completions: [], synced: undefined, judged }
  const completions = await Promise.all(
    synced.items.map(async ({ wanted, view }) => {
      const all = await deps.ledger.read((db) => completionsOf(db, wanted))
      const mine = view.mine?.id
      return all.filter((one) => mine !== undefined && (one.id === mine || one.parentId === mine))
    }),
  )
  return { completions: completions.flat(), synced, judged }
}
