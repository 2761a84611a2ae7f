import type { AgentRefusal, AgentTypeRefusal } from '../domain/refusals.ts'
import type { AccountType, Rig } from '../domain/rig.ts'
import { authorityOf, TRUSTED } from './permit.ts'
import type { EffectiveRole } from './roles.ts'

/** A repository in which an agent works. */
export interface Workplace {
  fullName: string
  /** What the person may there; undefined where we cannot ask: not told is not allowed. */
  asked: { id: number; role: EffectiveRole } | undefined
}

/** Who decides whose an agent is. It is one account everywhere, so a role in one repository does not say it. */
export interface AgentClaim {
  person: Pick<Rig, 'trustLevel' | 'rigType'>
  /** The human of the agent now, where the person is that human, by whatever rig. */
  isHumanOf: string | undefined
  /** Every repository where the agent has pull requests or work, as far as we know. */
  workplaces: readonly Workplace[]
}

/** Its human, trust level 3, or who validates in every repository that it works in. */
export function agentAuthority(claim: AgentClaim): { authority: string } | { refused: AgentRefusal } {
  const { person, isHumanOf, workplaces } = claim
  if (person.rigType === 'agent') return { refused: { rule: 'agent' } }
  if (isHumanOf !== undefined) return { authority: `owner ${isHumanOf}` }
  if (person.trustLevel < 0) return { refused: { rule: 'suspended' } }
  if (person.trustLevel >= TRUSTED) return { authority: `trust ${person.trustLevel}` }
  const authorities = workplaces.map(({ fullName, asked }) =>
    asked === undefined
      ? undefined
      : authorityOf({ validator: person, permission: asked.role, repository: { fullName, id: asked.id } }),
  )
  const lacking = workplaces.find((_, n) => authorities[n] === undefined)
  if (lacking !== undefined) return { refused: { rule: 'elsewhere', fullName: lacking.fullName } }
  const [authority] = authorities
  return authority === undefined ? { refused: { rule: 'no-workplace' } } : { authority }
}

/** Who says whether an account is an agent or a person. Settings of a repository say nothing about that: they propose. */
export interface AgentTypeClaim {
  to: 'agent' | 'human'
  /** The account speaks of itself. */
  isSelf: boolean
  /** The settings where it is said list the account. */
  isProposed: boolean
  by: Pick<Rig, 'trustLevel' | 'rigType'>
  rig: Pick<Rig, 'trustLevel' | 'rigType' | 'parentRig'>
  /** As GitHub has it. */
  accountType: AccountType
}

/** Why an account may not be said to be an agent, or a person; undefined when it may. What it was owned by bars it all the same. */
export function agentTypeRefusal(claim: AgentTypeClaim): AgentTypeRefusal | undefined {
  const { to, isSelf, isProposed, by, rig, accountType } = claim
  const isAgent = rig.rigType === 'agent'
  const isTrusted = by.trustLevel >= TRUSTED && by.rigType !== 'agent'
  if (!isSelf && !isTrusted) return { rule: 'not-trusted' }
  if (isAgent === (to === 'agent')) return { rule: 'already', is: isAgent ? 'agent' : 'human' }
  if (to === 'agent') {
    if (isSelf) return undefined
    // It would take the stamps of another of that level, as a suspension does.
    if (rig.trustLevel >= TRUSTED) return { rule: 'trusted' }
    return isProposed ? undefined : { rule: 'not-proposed' }
  }
  if (accountType === 'Bot') return { rule: 'bot' }
  return rig.parentRig === null ? undefined : { rule: 'owned', human: rig.parentRig }
}
