import { mayByRole, permitReject, permitStamp, roleRefusal, type StampPermit } from '../authorization/permit.ts'
import { narrowedBy, touched } from '../authorization/paths.ts'
import type { EffectiveRole } from '../authorization/roles.ts'
import type { Completion } from '../domain/completion.ts'
import type { Trailers } from '../domain/commit-message.ts'
import { type Account, commitAuthor, isSamePerson, type Rig } from '../domain/rig.ts'
import { ledgerSeconds } from '../domain/time.ts'
import { MEASURES } from '../domain/stamp.ts'
import { sameOwnerSince } from '../ledger/tables/owners.ts'
import { findRig, findRigOf } from '../ledger/tables/rigs.ts'
import { hasStamp } from '../ledger/tables/stamps.ts'
import type { TransactionResult } from '../ledger/engine/writer.ts'
import type { OwnerHistory } from '../operations/tables/ledger-index.ts'
import { refusal } from '../replies/refusals.ts'
import type { JudgedWork } from './chosen-work.ts'
import type { PosterConsent } from './item-origin.ts'
import { type JudgementFacts, readJudgementFacts } from './judgement-facts.ts'
import { requireParticipant, type Participant } from './require-participant.ts'
import { commandTrailers, isRegistered } from './participant.ts'
import type { JudgementKind } from './early-refusal.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

/**
 * The person who judges, with their role on GitHub. The role is read just before the transaction; the settings are
 * those of the command's one admission check.
 */
export interface Judge extends Participant {
  act: JudgementKind
  permission: EffectiveRole
  /** When the pull request was opened; undefined for work that is none. */
  openedAt?: string | undefined
  /** The repository where the item was posted, where the roles of this one do not count for it. */
  elsewhere?: string | undefined
  /** The consent of the item's poster, where the roles of this repository count by it. */
  byConsent?: PosterConsent | undefined
  /** The author of the pull request, who must take part. A correction is of work that is recorded already. */
  pullAuthor?: Account | undefined
}

/**
 * Returns the author of the command as a judge, with their role and rig; else the refusal. A person with neither a role
 * that counts nor a rig is refused without being registered. `known`: their rig, where it was read just now.
 */
export async function requireJudge(
  deps: ServiceDeps,
  context: CommandContext,
  act: JudgementKind,
  { isHere, pull, elsewhere, byConsent }: Pick<JudgedWork, 'isHere' | 'pull' | 'elsewhere' | 'byConsent'>,
  known?: Rig,
): Promise<Judge | { refused: CommandResult }> {
  const { place, repository, author } = context
  const asked = await deps.roles(place, repository.id, author)
  const permission = isHere ? asked : withoutRole(asked)
  if (!mayByRole(permission) && known === undefined && !(await isRegistered(deps, author))) {
    const text = refusal.stamp(roleRefusal(permission), repository.fullName, act)
    return { refused: { ok: false, text: elsewhere === undefined ? text : refusal.postedElsewhere(elsewhere, act) } }
  }
  const entered = await requireParticipant(deps, context, known)
  if ('refused' in entered) return entered
  const others = await folderOfOthers(deps, context, entered)
  if (others !== undefined)
    return { refused: { ok: false, text: refusal.otherFolder(others, repository.fullName, act) } }
  const pullAuthor = act === 'correct' ? undefined : pull?.author
  return { act, permission, openedAt: pull?.createdAt, elsewhere, byConsent, pullAuthor, ...entered }
}

/** A maintainer of one repository has no right over what was posted in another. */
function withoutRole(permission: EffectiveRole): EffectiveRole {
  return { ...permission, admin: false, maintain: false, roleName: undefined }
}

/**
 * A folder that the pull request changes and that the settings reserve for others. Where GitHub does not list all
 * files, any reserved folder counts as changed. Most repositories have none, and cost no request.
 */
async function folderOfOthers(
  deps: ServiceDeps,
  { place, author, snapshot: getSnapshot }: CommandContext,
  { settings: { stampers } }: Participant,
): Promise<{ folder: string; isCut: boolean } | undefined> {
  if (Object.keys(stampers.paths).length === 0) return undefined
  const snapshot = await getSnapshot()
  if (snapshot === undefined) return undefined
  const { files, isCut } = await snapshot.changes()
  const changed = files.flatMap(({ path, from }) => [path, from ?? path])
  const folders = touched(stampers.paths, changed, isCut)
  const folder = await narrowedBy(deps, place, stampers.paths, folders, author)
  return folder === undefined ? undefined : { folder, isCut }
}

/** The fields of a completion on which the right to judge it depends. */
type JudgedCompletion = Pick<Completion, 'id' | 'wantedId' | 'completedBy' | 'hopUri'> &
  Partial<Pick<Completion, 'completedAt'>> & {
    /** As the transaction has asked for them already. */
    facts?: JudgementFacts
  }

/**
 * The rigs of the validator's owner, now and at any moment since the work began: a link that was there then bars for
 * ever. The work began at the earliest of the times that are known of it.
 */
async function ownedDuring(
  db: CommonsDb,
  handle: string,
  { begun: begunAt, ended }: OwnerHistory,
  { judge, completion }: { judge: Pick<Judge, 'openedAt'>; completion: JudgedCompletion },
): Promise<Set<string>> {
  const { completedAt } = completion
  const begun = [
    judge.openedAt === undefined ? undefined : Date.parse(judge.openedAt),
    completedAt === undefined ? undefined : ledgerSeconds(completedAt) * 1000,
    begunAt?.getTime(),
  ]
  // Where no time is known, every tie counts that there ever was.
  const since = Math.min(...begun.filter((time): time is number => time !== undefined && !Number.isNaN(time)))
  return sameOwnerSince(db, handle, ended, new Date(Number.isFinite(since) ? since : 0))
}

/**
 * Returns the permit to judge one completion, by what the ledger says of both people in this transaction; else the
 * refusal.
 */
export async function permitIn(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  judge: Judge,
  completion: JudgedCompletion,
  ownWork: JudgedWork['ownWork'],
): Promise<{ permit: StampPermit } | { refused: string }> {
  // Read again: another process may have changed their trust meanwhile.
  const { author } = context
  const { byConsent, pullAuthor } = judge
  const [own, subjectRig, facts] = await Promise.all([
    findRigOf(db, deps.host, author),
    findRig(db, completion.completedBy),
    completion.facts ?? readJudgementFacts(deps, db, context, { wanted: completion.wantedId, byConsent, pullAuthor }),
  ])
  if (facts.declined !== undefined) return { refused: facts.declined }
  const validator = own ?? judge.rig
  const { permission, elsewhere } = facts.isOpened
    ? judge
    : { permission: withoutRole(judge.permission), elsewhere: byConsent?.elsewhere }
  const claim = {
    admission: judge.admission,
    validator,
    permission,
    repository: context.repository,
    completion: completion.id,
    subject: completion.completedBy,
    subjectRig,
    // A peer's completion may not name an account; the row of its rig does.
    isSamePerson: [completion.hopUri, subjectRig?.hopUri ?? null].some((uri) => isSamePerson(deps.host, author, uri)),
    ownRigs: await ownedDuring(db, validator.handle, facts.history, { judge, completion }),
    ownWork,
  }
  const decided = judge.act === 'reject' ? permitReject(claim) : permitStamp(claim)
  if ('permit' in decided) return decided
  if (decided.refused.rule === 'role' && elsewhere !== undefined)
    return { refused: refusal.postedElsewhere(elsewhere, judge.act) }
  return { refused: refusal.stamp(decided.refused, context.repository.fullName, judge.act) }
}

type GivenScores = Partial<Record<(typeof MEASURES)[number], number | string | undefined>>

/**
 * The Dolt commit of one stamp. Its trailer `Given` names the values that the author gave, not the scores that were
 * filled in for the peers' readers.
 */
export function stampCommit(
  context: CommandContext,
  id: string,
  { authority }: StampPermit,
  { subject, stamp, given }: { subject: string; stamp: string; given: GivenScores },
  more: Trailers,
): Pick<TransactionResult<never>, 'commit' | 'verifyAfter'> {
  const named = MEASURES.filter((name) => given[name] !== undefined)
  const trailers = { Authority: authority, Stamp: stamp, Given: named.join(', '), ...more }
  return {
    commit: {
      author: commitAuthor(context.author),
      subject,
      trailers: { ...commandTrailers(context, id), ...trailers },
    },
    verifyAfter: (after) => hasStamp(after, stamp),
  }
}
