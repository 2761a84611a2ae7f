import { mayByRole, permitReject, permitStamp, roleRefusal, type StampPermit } from '../authorization/permit.ts'
import { narrowedBy } from '../authorization/paths.ts'
import type { Role } from '../authorization/roles.ts'
import type { Completion } from '../domain/completion.ts'
import type { Trailers } from '../domain/commit-message.ts'
import { commitAuthor, isSamePerson } from '../domain/rig.ts'
import { type Dimension, DIMENSIONS } from '../domain/stamp.ts'
import { sameOwner } from '../ledger/owners.ts'
import { findRig, findRigOf } from '../ledger/rigs.ts'
import { hasStamp } from '../ledger/stamps.ts'
import type { CommonsDb } from '../ledger/tables.ts'
import type { TurnResult } from '../ledger/writer.ts'
import { refusal } from '../replies/refusals.ts'
import type { Work } from './chosen-work.ts'
import type { Answer, CommandRooms, Situation } from './command.ts'
import { enter, type Entered } from './enter.ts'
import { commandTrailers, isRegistered } from './participant.ts'

/** Who judges, and what GitHub says of them, asked just before the writer's turn. */
export interface Judge extends Entered {
  act: Act
  permission: Role
}

/** What a judge does, as a refusal names it. */
export type Act = 'stamp' | 'reject' | 'correct'

/** Lets in who may validate. Who asks for what they may not is not registered for having asked. */
export async function enterJudge(
  rooms: CommandRooms,
  situation: Situation,
  act: Act,
  { isHere }: Pick<Work, 'isHere'>,
): Promise<Judge | { refused: Answer }> {
  const { place, repository, author } = situation
  const asked = await rooms.roles(place.client, place.name, repository.id, author)
  // A maintainer of one repository has no say over what was posted in another.
  const permission: Role = isHere ? asked : { ...asked, admin: false, maintain: false, roleName: undefined }
  if (!mayByRole(permission) && !(await isRegistered(rooms, author))) {
    const text = refusal.stamp(roleRefusal(permission), repository.fullName, act)
    return { refused: { ok: false, text } }
  }
  const entered = await enter(rooms, situation)
  if ('refused' in entered) return entered
  const folder = await folderOfOthers(situation, entered)
  if (folder !== undefined)
    return { refused: { ok: false, text: refusal.otherFolder(folder, repository.fullName, act) } }
  return { act, permission, ...entered }
}

/** A folder that the pull request changes and that settings leave to others; most repositories have none, and cost no call. */
async function folderOfOthers(
  { place, author, look: looked }: Situation,
  { settings: { stampers } }: Entered,
): Promise<string | undefined> {
  if (Object.keys(stampers.paths).length === 0) return undefined
  const look = await looked()
  if (look === undefined) return undefined
  const files = (await look.changes()).flatMap(({ path, from }) => [path, from ?? path])
  return narrowedBy(place.client, place.name, stampers.paths, files, author)
}

/** In the writer's turn: the right to judge one completion, by what the ledger says of both people now. */
export async function permitIn(
  rooms: CommandRooms,
  db: CommonsDb,
  situation: Situation,
  judge: Judge,
  completion: Pick<Completion, 'id' | 'completedBy' | 'hopUri'>,
  ownWork: Work['ownWork'],
): Promise<{ permit: StampPermit } | { refused: string }> {
  // Read again: another process may have changed their trust meanwhile.
  const { author } = situation
  const validator = (await findRigOf(db, rooms.host, author)) ?? judge.rig
  const subjectRig = await findRig(db, completion.completedBy)
  const claim = {
    admission: judge.admission,
    validator,
    permission: judge.permission,
    repository: situation.repository,
    completion: completion.id,
    subject: completion.completedBy,
    subjectRig,
    // A peer's completion may not say whose it is; its rig's row does.
    isSamePerson: [completion.hopUri, subjectRig?.hopUri ?? null].some((uri) => isSamePerson(rooms.host, author, uri)),
    ownRigs: await sameOwner(db, validator.handle),
    ownWork,
  }
  const decided = judge.act === 'reject' ? permitReject(claim) : permitStamp(claim)
  if ('permit' in decided) return decided
  return { refused: refusal.stamp(decided.refused, situation.repository.fullName, judge.act) }
}

/** The Dolt commit of one stamp, with what was given of it; the scores filled in for the peers' readers are not. */
export function stampCommit(
  situation: Situation,
  id: string,
  { authority }: StampPermit,
  { subject, stamp, given }: { subject: string; stamp: string; given: Partial<Record<Dimension, number | undefined>> },
  more: Trailers,
): Pick<TurnResult<never>, 'commit' | 'stands'> {
  const dimensions = DIMENSIONS.filter((name) => given[name] !== undefined)
  const trailers = { Authority: authority, Stamp: stamp, Given: dimensions.join(', '), ...more }
  return {
    commit: {
      author: commitAuthor(situation.author),
      subject,
      trailers: { ...commandTrailers(situation, id), ...trailers },
    },
    stands: (after) => hasStamp(after, stamp),
  }
}
