import { type DiffHash, isKnown } from '../pull-requests/diff.ts'
import type { ServiceDeps, CommandContext, CommandResult } from './context.ts'
import type { StampArgs } from './judgement-args.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { syncHere } from './sync-here.ts'
import { endOfDeferred, GIVEN } from '../operations/tables/deferred-stamps.ts'
import { deferStamp } from './defer-stamp.ts'
import { chooseWork, type JudgedWork } from './chosen-work.ts'
import { requireJudge, type Judge, permitIn, stampCommit } from './judge.ts'
import { judgedChanges } from './judged-changes.ts'
import { changedSince } from './changed-since.ts'
import { notMet } from '../replies/criteria.ts'
import { commitAuthor, commitSender, entityUri } from '../domain/rig.ts'
import { findWork, findWorkOnItem, adoptEntry } from '../ledger/tables/bounties.ts'
import { deferring } from '../replies/deferred.ts'
import { stamping } from '../replies/stamp.ts'
import { findOrRegisterRig } from './participant.ts'
import { readJudgementFacts } from './judgement-facts.ts'
import { readAhead, type Share, shareId } from './stamp-reads.ts'
import { refusal } from '../replies/refusals.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { TransactionResult } from '../ledger/engine/writer.ts'
import { findCompletion, updateEvidence, linkStamp, insertCompletion } from '../ledger/tables/completions.ts'
import { setWantedEvidence, moveWanted } from '../ledger/tables/wanted.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { stampsBy, insertStamp } from '../ledger/tables/stamps.ts'
import type { Completion } from '../domain/completion.ts'
import { type Stamp, fullValence, DEFAULT_CONFIDENCE, DEFAULT_SEVERITY } from '../domain/stamp.ts'
import { stampId } from '../domain/ids.ts'
import type { StampPermit } from '../authorization/permit.ts'
import { ledgerTime } from '../domain/time.ts'
import { lacksRight } from './early-refusal.ts'

/**
 * Gives a stamp, or defers it where the settings say so. `deferred`: the work as it was when this stamp was deferred;
 * the pull request has been merged since.
 */
export async function giveStamp(
  deps: ServiceDeps,
  context: CommandContext,
  args: StampArgs,
  id: string,
  deferred?: DeferredWork,
): Promise<CommandResult> {
  const done: CommandResult = context.on === 'issue' ? { ok: true, text: stamping.done(args) } : { ok: true }
  // The stamp was given before, and nothing that happened since undoes it, such as a push or a lost role. The answer
  // may not have been sent yet.
  const [hasRun, rig] = await deps.ledger.read((db) =>
    Promise.all([commandHasRun(deps.store, deps.ledger, id, db), findRigOf(db, deps.host, context.author)]),
  )
  if (hasRun) {
    await syncHere(deps, context)
    return (await endOfDeferred(deps.store, id)) === GIVEN ? { ok: true, text: deferring.givenAtMerge } : done
  }
  const asking = {
    act: 'stamp',
    example: stamping.example,
    // A deferred stamp is for the head of its own time; the diffs are compared below.
    afterPush: deferred === undefined ? 'ask again' : 'judge what is there',
  } as const
  const work = await chooseWork(deps, context, args, asking)
  if ('refused' in work) return { ok: false, text: work.refused }
  const judge = await requireJudge(deps, context, 'stamp', work, rig)
  if ('refused' in judge) return judge.refused
  const { diff, skills } = await judgedChanges(deps, context, work, args.skills, deferred?.diff)
  const changed = deferred && changedSince(deferred.diff, diff)
  if (changed !== undefined) return { ok: false, text: changed }
  const isGated = work.unmet.length > 0 && args.override === undefined
  const waits = judge.settings['stamp-on'] === 'merge' && work.pull?.merged === false
  if (isGated || waits) {
    // A person who may not stamp gets that refusal first.
    const refused = await notPermitted(deps, context, judge, work)
    if (refused !== undefined) return refused
    if (isGated) return { ok: false, text: notMet(work.unmet) }
    if (await isUnstamped(deps, work)) {
      if (!isKnown(diff!)) return { ok: false, text: deferring.tooLarge }
      return deferStamp(deps, context, id, { work, args, diff: diff! })
    }
  }
  const share = await registerShare(deps, context, judge, work)
  if (share !== undefined && 'refused' in share) return share.refused
  const given = { judge, work, share, args: { ...args, skills: [...skills] }, diff, id, done }
  const { value } = await deps.ledger.transact((db) => write(deps, db, context, given), {
    author: commitAuthor(context.author),
    conflictKeys: [work.wanted, id],
  })
  if (value.ok) await syncHere(deps, context)
  return value
}

/**
 * The reason why the author of the command can stamp nothing here, whatever the options; undefined where they might.
 */
export function whyNotStamp(deps: ServiceDeps, context: CommandContext): Promise<string | undefined> {
  return lacksRight(deps, context, 'stamp')
}

/** The work as it was when the command of a deferred stamp was written. */
export interface DeferredWork {
  diff: DiffHash
}

async function notPermitted(
  deps: ServiceDeps,
  context: CommandContext,
  judge: Judge,
  work: JudgedWork,
): Promise<CommandResult | undefined> {
  const may = await deps.ledger.read(async (db) => {
    const found = await findWork(db, work.wanted, work.completion)
    return found && permitIn(deps, db, context, judge, found, work.ownWork)
  })
  return may !== undefined && 'refused' in may ? { ok: false, text: may.refused } : undefined
}

async function isUnstamped(deps: ServiceDeps, work: JudgedWork): Promise<boolean> {
  const { wanted, completion } = work
  return (await deps.ledger.read((db) => findWork(db, wanted, completion)))?.stampId === null
}

/** Registers a co-author on first contact, like every contributor, unless they declined. */
async function registerShare(
  deps: ServiceDeps,
  context: CommandContext,
  judge: Judge,
  { share, ownWork, wanted, completion }: JudgedWork,
): Promise<Share | { refused: CommandResult } | undefined> {
  if (share === undefined) return undefined
  if ('completion' in share) {
    const { id, completedBy, hopUri } = share.completion
    return { rig: { handle: completedBy, hopUri }, completion: id }
  }
  const { person: account } = share
  const hopUri = entityUri(deps.host, account)
  // Decided before the co-author is registered.
  const may = await deps.ledger.read((db) =>
    permitIn(deps, db, context, judge, { id: completion, wantedId: wanted, completedBy: '', hopUri }, ownWork),
  )
  if ('refused' in may) return { refused: { ok: false, text: may.refused } }
  const { author, at, delivery } = context
  const rig = await findOrRegisterRig(deps, account, {
    at,
    delivery,
    sender: commitSender(author),
  })
  if (rig === 'declined') return { refused: { ok: false, text: refusal.declinedCoAuthor(account.login) } }
  return { rig: { handle: rig.handle, hopUri: rig.hopUri ?? hopUri } }
}

interface StampInput {
  judge: Judge
  work: JudgedWork
  share: Share | undefined
  args: StampArgs
  /** The diff of a pull request; undefined for other work. */
  diff: DiffHash | undefined
  id: string
  done: CommandResult
}

/**
 * The transaction of a stamp: decides on the ledger as it is now, and writes stamp, completion and item in one Dolt
 * commit.
 */
export async function write(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  { judge, work, share, args, diff, id, done }: StampInput,
): Promise<TransactionResult<CommandResult>> {
  const refuse = (text: string): TransactionResult<CommandResult> => ({ value: { ok: false, text } })
  // Asked at one moment: all is one statement, and in a batch that of all.
  const coAuthor = work.share !== undefined && 'person' in work.share ? work.share.person : undefined
  const { byConsent, pullAuthor } = judge
  const [hasRun, facts, { item, entry, submitted }] = await Promise.all([
    commandHasRun(deps.store, deps.ledger, id, db),
    readJudgementFacts(deps, db, context, { wanted: work.wanted, byConsent, pullAuthor, coAuthor }),
    findWorkOnItem(db, work),
    readAhead(db, judge, work, share),
  ])
  if (hasRun) return { value: done }
  const parent = entry ?? submitted
  if (parent === undefined) return refuse(refusal.notInReview(work.wanted, 'let-go'))
  if (entry !== undefined && share !== undefined) return refuse(refusal.notAdoptedYet(work.wanted))
  const isSubmitted = item?.status === 'in_review' && item.claimedBy === parent.completedBy
  if (entry === undefined && parent.stampId === null && !isSubmitted)
    return refuse(refusal.notInReview(work.wanted, 'in-review'))
  const completion = share === undefined ? parent : await shareIn(db, share, parent, work)
  const judged = completion.wantedId === work.wanted ? { ...completion, facts } : completion
  const decided = await permitIn(deps, db, context, judge, judged, work.ownWork)
  if ('refused' in decided) return refuse(decided.refused)
  const { permit } = decided
  const [before] = await stampsBy(db, permit.validator.handle, [completion.id])
  if (before !== undefined) return refuse(refusal.stampedAlready)
  const given = newStamp(deps, context, permit, completion, args)
  if (entry !== undefined && !(await adoptEntry(db, entry))) return refuse(refusal.strangeBranch(work.wanted))
  const move = entry === undefined ? 'accept' : 'adopt'
  if (share === undefined) await acceptWork(db, completion, work, given, { move, at: context.at })
  else await acceptShare(db, completion, given, context.at)
  await insertStamp(db, given)
  return {
    value: done,
    ...stampCommit(
      context,
      id,
      permit,
      { subject: `wl accept: ${work.wanted}`, stamp: given.id, given: args },
      {
        ...(work.head !== undefined && { Head: work.head }),
        ...(diff !== undefined && { Diff: diff }),
        ...(work.unmet.length > 0 && {
          Unmet: work.unmet.map(({ name }) => name).join('; '),
          Override: args.override!,
        }),
      },
    ),
  }
}

/**
 * The first stamp freezes the evidence at the head that was judged and completes the item; a later one changes neither.
 */
async function acceptWork(
  db: CommonsDb,
  completion: Completion,
  { wanted, evidence = completion.evidence }: JudgedWork,
  given: Stamp,
  { move, at }: { move: 'accept' | 'adopt'; at: string },
) {
  if (completion.stampId !== null) return
  if (completion.evidence !== evidence) await updateEvidence(db, completion, evidence)
  if (move === 'adopt' || completion.evidence !== evidence) await setWantedEvidence(db, wanted, evidence)
  const by = move === 'adopt' ? { claimedBy: completion.completedBy } : { holder: completion.completedBy }
  await moveWanted(db, move, wanted, { ...by, at })
  await linkStamp(db, completion.id, { id: given.id, author: given.author, at })
}

/**
 * Creates a co-author's completion with its first stamp. The item does not move: only the submitter's stamp completes
 * it.
 */
async function acceptShare(db: CommonsDb, completion: Completion, given: Stamp, at: string) {
  if (completion.stampId !== null) return
  if ((await findCompletion(db, completion.id)) === undefined) await insertCompletion(db, completion)
  await linkStamp(db, completion.id, { id: given.id, author: given.author, at })
}

async function shareIn(db: CommonsDb, share: Share, parent: Completion, work: JudgedWork): Promise<Completion> {
  const id = shareId(share, parent.id)
  const known = await findCompletion(db, id)
  return (
    known ?? {
      ...parent,
      id,
      completedBy: share.rig.handle,
      evidence: parent.stampId === null ? (work.evidence ?? parent.evidence) : parent.evidence,
      stampId: null,
      validatedBy: null,
      hopUri: share.rig.hopUri,
      parentId: parent.id,
    }
  )
}

function newStamp(
  deps: ServiceDeps,
  { comment, author, at }: CommandContext,
  { validator }: StampPermit,
  completion: Completion,
  args: StampArgs,
): Stamp {
  return {
    id: stampId(deps.host, comment, completion.id, completion.completedBy),
    author: validator.handle,
    subject: completion.completedBy,
    valence: fullValence(args)!,
    confidence: args.confidence ?? DEFAULT_CONFIDENCE,
    severity: args.severity ?? DEFAULT_SEVERITY,
    contextId: completion.id,
    skillTags: args.skills ?? [],
    message: args.message ?? null,
    hopUri: validator.hopUri ?? entityUri(deps.host, author),
    createdAt: ledgerTime(at),
  }
}
