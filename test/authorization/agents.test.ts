import { describe, expect, test } from 'vitest'
import {
  agentAuthority,
  type AgentClaim,
  type AgentTypeClaim,
  agentTypeRefusal,
  type Workplace,
} from '../../src/authorization/agents.ts'

const nothing = { admin: false, maintain: false, write: true, roleName: 'write', narrowed: false }
const maintain = { ...nothing, maintain: true, roleName: 'maintain' }
const at = (fullName: string, role = maintain, id = 1): Workplace => ({ fullName, asked: { id, role } })
const unreachable: Workplace = { fullName: 'b/x', asked: undefined }
const person = { trustLevel: 1, rigType: 'human' } as const
const decide = (given: Partial<AgentClaim>) =>
  agentAuthority({ person, isHumanOf: undefined, workplaces: [at('a/x')], ...given })

describe('whose an agent is, is decided by', () => {
  test.each<[string, Partial<AgentClaim>, string]>([
    ['its human, without any role', { isHumanOf: 'carol', workplaces: [] }, 'owner carol'],
    ['its human, who is suspended', { isHumanOf: 'carol', person: { ...person, trustLevel: -1 } }, 'owner carol'],
    [
      'trust level 3, wherever it works',
      { person: { ...person, trustLevel: 3 }, workplaces: [unreachable] },
      'trust 3',
    ],
    ['who maintains the one repository', {}, 'github maintain a/x#1'],
    ['who maintains every one', { workplaces: [at('a/x'), at('b/x', maintain, 2)] }, 'github maintain a/x#1'],
  ])('%s', (_name, given, authority) => expect(decide(given)).toEqual({ authority }))
})

describe('whose an agent is, is not decided by', () => {
  const elsewhere = { rule: 'elsewhere', fullName: 'b/x' }
  test.each<[string, Partial<AgentClaim>, object]>([
    ['who maintains one of two', { workplaces: [at('a/x'), at('b/x', nothing)] }, elsewhere],
    ['the same in the other order', { workplaces: [at('b/x', nothing), at('a/x')] }, elsewhere],
    [
      'who is left out by the settings of one',
      { workplaces: [at('a/x'), at('b/x', { ...maintain, narrowed: true })] },
      elsewhere,
    ],
    ['a role, where one repository cannot be asked', { workplaces: [at('a/x'), unreachable] }, elsewhere],
    ['a role, where nothing is known of its work', { workplaces: [] }, { rule: 'no-workplace' }],
    ['a suspended maintainer', { person: { ...person, trustLevel: -1 } }, { rule: 'suspended' }],
    ['an agent of trust level 3', { person: { trustLevel: 3, rigType: 'agent' } }, { rule: 'agent' }],
    ['an agent that is its human', { person: { trustLevel: 1, rigType: 'agent' }, isHumanOf: 'x' }, { rule: 'agent' }],
  ])('%s', (_name, given, refused) => expect(decide(given)).toEqual({ refused }))
})

describe('an account', () => {
  const claim: AgentTypeClaim = {
    to: 'agent',
    isSelf: true,
    isProposed: false,
    by: person,
    rig: { trustLevel: 1, rigType: 'human', parentRig: null },
    accountType: 'User',
  }
  const agent = { trustLevel: 1, rigType: 'agent', parentRig: null } as const
  const trusted = { trustLevel: 3, rigType: 'human' } as const
  const rule = (given: Partial<AgentTypeClaim>) => agentTypeRefusal({ ...claim, ...given })?.rule
  test.each<[string, Partial<AgentTypeClaim>, string | undefined]>([
    ['says itself that it is an agent', {}, undefined],
    [
      'is said to be one by trust level 3 where settings propose it',
      { isSelf: false, by: trusted, isProposed: true },
      undefined,
    ],
    ['is not said to be one where none proposes it', { isSelf: false, by: trusted }, 'not-proposed'],
    ['is not said to be one by a lower level', { isSelf: false, isProposed: true }, 'not-trusted'],
    [
      'is not said to be one by an agent',
      { isSelf: false, isProposed: true, by: { ...trusted, rigType: 'agent' } },
      'not-trusted',
    ],
    [
      'of trust level 3 is not said to be one by another',
      { isSelf: false, isProposed: true, by: trusted, rig: { ...claim.rig, trustLevel: 3 } },
      'trusted',
    ],
    ['goes back to being a person', { to: 'human', rig: agent }, undefined],
    ['that has a human does not', { to: 'human', rig: { ...agent, parentRig: 'bob' } }, 'owned'],
    ['that GitHub calls a bot does not', { to: 'human', rig: agent, accountType: 'Bot' }, 'bot'],
    ['is what it is already', { rig: agent }, 'already'],
  ])('%s', (_name, given, refused) => expect(rule(given)).toBe(refused))
})
