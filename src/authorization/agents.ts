import type { AgentRefusal, AgentTypeRefusal } from '../domain/refusals.ts'
import type { AccountType, Rig } from '../domain/rig.ts'
import { authorityOf, TRUSTED } from './permit.ts'
import type { EffectiveRole } from './roles.ts'

/** A repository in which an agent works. */
export interface Workplace {
  fullName: string
  /** The person's role there; undefined where we cannot ask: an unknown role allows nothing. */
  asked: { id: number; role: EffectiveRole } | undefined
}

/**
 * The facts for deciding who answers for an agent. An agent is one account everywhere, so a role in one repository is
 * not enough.
 */
export interface AgentClaim {
  person: Pick<Rig, 'trustLevel' | 'rigType'>
  /** The agent's present human, where the person is that human, by whatever rig. */
  isHumanOf: string | undefined
  /** Every repository where the agent has pull requests or work, as far as we know. */
  workplaces: readonly Workplace[]
}

/** Permits its human, trust level 3, or a person who validates in every repository that it works in. */
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

/**
 * The facts for deciding whether somebody may say that an account is an agent or a person. A repository's settings only
 * propose it.
 */
export interface AgentTypeClaim {
  to: 'agent' | 'human'
  /** The person speaks of their own account. */
  isSelf: boolean
  /** The settings of the repository list the account as an agent. */
  isProposed: boolean
  by: Pick<Rig, 'trustLevel' | 'rigType'>
  rig: Pick<Rig, 'trustLevel' | 'rigType' | 'parentRig'>
  /** GitHub's type of the account. */
  accountType: AccountType
}

/**
 * The reason why an account may not be declared an agent, or a person; undefined when it may. Ties that it had before
 * go on barring it.
 */
export function agentTypeRefusal(claim: AgentTypeClaim): AgentTypeRefusal | undefined {
  const { to, isSelf, isProposed, by, rig, accountType } = claim
  const isAgent = rig.rigType === 'agent'
  const isTrusted = by.trustLevel >= TRUSTED && by.rigType !== 'agent'
  if (!isSelf && !isTrusted) return { rule: 'not-trusted' }
  if (isAgent === (to === 'agent')) return { rule: 'already', is: isAgent ? 'agent' : 'human' }
  if (to === 'agent') {
    if (isSelf) return undefined
    // It would take the stamps of another rig of that level, as a suspension does.
    if (rig.trustLevel >= TRUSTED) return { rule: 'trusted' }
    return isProposed ? undefined : { rule: 'not-proposed' }
  }
  if (accountType === 'Bot') return { rule: 'bot' }
  return rig.parentRig === null ? undefined : { rule: 'owned', human: rig.parentRig }
}
