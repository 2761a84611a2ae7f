import type { JudgementArgs } from './judgement-args.ts'
import { DIMENSIONS, fullValence, type Stamp, type Dimension } from '../domain/stamp.ts'
import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { type OwnStamp, gaveNone, ownStamp } from './find-own-stamp.ts'
import { findCompletion } from '../ledger/tables/completions.ts'
import { countsForItem } from './item-origin.ts'
import { type KeptStamp, findStamp, stampsBy, insertStamp } from '../ledger/tables/stamps.ts'
import { ownWork } from '../pull-requests/own-work.ts'
import { type Judge, permitIn, stampCommit, requireJudge } from './judge.ts'
import type { JudgedWork } from './chosen-work.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { TransactionResult } from '../ledger/engine/writer.ts'
import { commandHasRun, givenIn as givenNames } from '../operations/tables/ledger-index.ts'
import { correcting } from '../replies/correct.ts'
import { stampId as newStampId } from '../domain/ids.ts'
import { oneLine } from '../domain/text.ts'
import { entityUri } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import { syncHere } from './sync-here.ts'
import { refusal } from '../replies/refusals.ts'

/** Writes a corrected version of the author's own stamp, once. Both stay in the passbook, and the second counts. */
export async function correctStamp(
  deps: ServiceDeps,
  context: CommandContext,
  args: CorrectArgs,
  id: string,
): Promise<CommandResult> {
  const done: CommandResult = { ok: true, text: correcting.doneBefore(args), isAgain: true }
  if (await commandHasRun(deps.store, deps.ledger, id)) {
    await syncHere(deps, context)
    return done
  }
  const own = await ownStamp(deps, context, args.stamp, 'correct')
  if ('refused' in own) return { ok: false, text: own.refused }
  // A correction that only lowers scores is taken after a push too: it does not vouch for the new commits.
  if (own.synced !== undefined && own.isHere && own.judged?.same === false && !onlyLowers(own.stamp, args)) {
    const text = refusal.pushedSince(own.synced.snapshot.pull.headSha, own.judged.before, context.line)
    return { ok: false, text }
  }
  const judge = await requireJudge(deps, context, 'correct', await rightHere(deps, context, own))
  if ('refused' in judge) return judge.refused
  const authored = await authoredIn(deps, context, own)
  const { value } = await deps.ledger.transact((db) =>
    write(deps, db, context, { judge, stamp: own.stamp, authored, args, id, done }),
  )
  if (value.ok) await syncHere(deps, context)
  return value
}

/** The reason why the author of the command has no stamp to correct; undefined where they might have one. */
export function whyNotCorrect(
  deps: ServiceDeps,
  context: CommandContext,
  { stamp }: IdsInLine,
): Promise<string | undefined> {
  return gaveNone(deps, context, stamp, 'correct')
}

export interface CorrectArgs extends JudgementArgs {
  stamp?: string | undefined
  reason: string
}

/**
 * Whether a role in this repository counts for the stamped work: on the work's own thread, by the same rule as for a
 * stamp.
 */
async function rightHere(deps: ServiceDeps, context: CommandContext, { stamp, isHere, synced }: OwnStamp) {
  if (!isHere || synced === undefined) return { isHere, pull: undefined }
  const { pull } = synced.snapshot
  const completion = await deps.ledger.read((db) => findCompletion(db, stamp.contextId))
  if (completion === undefined) return { isHere: false, pull }
  return { ...(await countsForItem(deps, context, completion.wantedId)), pull }
}

/** True where the correction raises neither a score nor the confidence, and sets neither severity nor skills. */
function onlyLowers({ valence, confidence }: KeptStamp, args: CorrectArgs): boolean {
  if (args.severity !== undefined || args.skills !== undefined) return false
  const given = Object.entries(scoresIn(args))
  const isLower = given.every(([name, score]) => Number(valence[name] ?? 0) >= score)
  return isLower && (args.confidence ?? 0) <= confidence
}

/** The stamp author's own commits in the pull request as it is now. */
async function authoredIn(deps: ServiceDeps, { place, author }: CommandContext, { synced, isHere }: OwnStamp) {
  if (synced === undefined || !isHere) return undefined
  return ownWork(deps, place, synced.snapshot.pull, synced.work, author.id)
}

interface CorrectionInput {
  judge: Judge
  stamp: KeptStamp
  authored: JudgedWork['ownWork']
  args: CorrectArgs
  id: string
  done: CommandResult
}

async function write(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  { judge, stamp, authored, args, id, done }: CorrectionInput,
): Promise<TransactionResult<CommandResult>> {
  const refuse = (text: string): TransactionResult<CommandResult> => ({ value: { ok: false, text } })
  if (await commandHasRun(deps.store, deps.ledger, id)) return { value: done }
  const before = await findStamp(db, stamp.id)
  const completion = await findCompletion(db, stamp.contextId)
  if (before === undefined || completion === undefined) return refuse(correcting.gone(stamp.id))
  if ((await stampsBy(db, before.author, [completion.id])).length > 1)
    return refuse(correcting.correctedAlready(stamp.id))
  const decided = await permitIn(deps, db, context, judge, completion, authored)
  if ('refused' in decided) return refuse(decided.refused)
  const names = (await givenNames(deps.store, deps.ledger, [before.id])).get(before.id)
  const given = { ...givenBefore(before, names), ...measuredIn(args) }
  const valence = fullValence(given)
  if (valence === undefined) return refuse(correcting.noQuality(before.id))
  const counter: Stamp = {
    ...before,
    id: newStampId(deps.host, context.comment, before.id, before.subject),
    valence,
    confidence: args.confidence ?? before.confidence,
    severity: args.severity ?? before.severity,
    skillTags: args.skills ?? before.skillTags,
    message: oneLine(`Corrects ${before.id}: ${args.reason}`, 500),
    hopUri: decided.permit.validator.hopUri ?? entityUri(deps.host, context.author),
    createdAt: ledgerTime(context.at),
  }
  if (isSame(before, counter)) return refuse(correcting.isSame(before.id))
  await insertStamp(db, counter)
  return {
    value: {
      ok: true,
      text: correcting.done(
        { ...before, given: names },
        { ...counter, valence: { ...valence }, given: Object.keys(given) },
      ),
    },
    ...stampCommit(
      context,
      id,
      decided.permit,
      { subject: `wl correct: ${completion.wantedId}`, stamp: counter.id, given },
      { Corrects: before.id, Reason: args.reason },
    ),
  }
}

function isSame(before: KeptStamp, now: Stamp): boolean {
  const shown = ({ valence, confidence, severity, skillTags }: Stamp | KeptStamp) =>
    JSON.stringify([
      ...DIMENSIONS.map((name) => valence[name]),
      confidence,
      severity,
      [...skillTags].toSorted((a, b) => a.localeCompare(b)),
    ])
  return shown(before) === shown(now)
}

type Measured = Partial<Record<Dimension | 'confidence', number> & { severity: string }>

/** The values that the stamp's author gave, without those that were filled in for the peers' readers. */
function givenBefore({ valence, confidence, severity }: KeptStamp, names: readonly string[] | undefined): Measured {
  const isScore = (score: unknown) => Number.isInteger(score) && Number(score) >= 1 && Number(score) <= 5
  const given = DIMENSIONS.filter((name) => (names?.includes(name) ?? true) && isScore(valence[name]))
  return {
    ...Object.fromEntries(given.map((name) => [name, Number(valence[name])])),
    ...(names?.includes('confidence') === true && { confidence }),
    ...(names?.includes('severity') === true && { severity }),
  }
}

function measuredIn(args: CorrectArgs): Measured {
  const { confidence, severity } = args
  return {
    ...scoresIn(args),
    ...(confidence !== undefined && { confidence }),
    ...(severity !== undefined && { severity }),
  }
}

function scoresIn(args: CorrectArgs): Partial<Record<Dimension, number>> {
  return Object.fromEntries(DIMENSIONS.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])))
}
