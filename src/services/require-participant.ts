import type { Admission } from '../authorization/admission.ts'
import type { Settings } from '../authorization/settings.ts'
import type { Rig } from '../domain/rig.ts'
import { notifyHandleCollision } from '../pull-requests/handle-collision.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { findOrRegisterParticipant } from './participant.ts'
import type { CommandResult, ServiceDeps, ActionContext } from './context.ts'

export interface Participant {
  admission: Admission
  settings: Settings
  /** The rig of the author, registered on first contact. */
  rig: Rig
}

/**
 * Requires what every command that writes needs first: an admitted repository, and an author who takes part, with their
 * rig; else returns the refusal. `known`: the rig, where it was read just now.
 */
export async function requireParticipant(
  deps: ServiceDeps,
  context: ActionContext,
  known?: Rig,
): Promise<Participant | { refused: CommandResult }> {
  const { place, repository } = context
  const answer = await context.admission(repository)
  if ('refused' in answer) return { refused: { ok: false, text: leftAlone(answer.refused, repository.fullName) } }
  const { author } = context
  const who = await findOrRegisterParticipant(deps, answer.admission, context, known)
  if ('refused' in who) return who
  await notifyHandleCollision(deps, place, author, who.rig)
  return { ...answer, rig: who.rig }
}
