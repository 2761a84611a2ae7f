import { describe, expect, test } from 'vitest'
import type { Admission } from '../../src/authorization/admission.ts'
import { permitReject, permitStamp, type StampClaim } from '../../src/authorization/permit.ts'
import type { Rig } from '../../src/domain/rig.ts'

const alice: Rig = {
  handle: 'alice',
  displayName: 'Alice',
  hopUri: null,
  trustLevel: 1,
  rigType: 'human',
  parentRig: null,
  registeredAt: null,
}
const nothing = { admin: false, maintain: false, write: false, roleName: 'triage', narrowed: false }
const admin = { admin: true, maintain: true, write: true, roleName: 'admin', narrowed: false }
const maintain = { admin: false, maintain: true, write: true, roleName: 'Release captain', narrowed: false }
const write = { admin: false, maintain: false, write: true, roleName: 'admin', narrowed: false }

const claim: StampClaim = {
  admission: {} as Admission,
  validator: alice,
  permission: admin,
  repository: { fullName: 'acme/app', id: 42 },
  completion: 'c-0123456789abcdef',
  subject: 'bob',
  subjectRig: { ...alice, handle: 'bob' },
  isSamePerson: false,
  ownRigs: new Set(['alice']),
  ownWork: undefined,
}
const decide = (given: Partial<StampClaim>) => permitStamp({ ...claim, ...given })
const work = (share: number) => ({ sha: 'a'.repeat(40), share })

describe('a stamp is permitted', () => {
  test.each<[string, Partial<StampClaim>, string]>([
    ['an admin', { permission: admin }, 'github admin acme/app#42'],
    ['a maintainer, whatever their role is called', { permission: maintain }, 'github maintain acme/app#42'],
    ['trust level 3 without any role', { permission: nothing, validator: { ...alice, trustLevel: 3 } }, 'trust 3'],
    ['a higher trust level', { permission: nothing, validator: { ...alice, trustLevel: 4 } }, 'trust 4'],
    [
      'a maintainer of trust level 3, by the role',
      { permission: maintain, validator: { ...alice, trustLevel: 3 } },
      'github maintain acme/app#42',
    ],
    ['a hybrid rig', { validator: { ...alice, rigType: 'hybrid' } }, 'github admin acme/app#42'],
    ['the writer of less than a tenth', { ownWork: work(0.0999) }, 'github admin acme/app#42'],
    [
      'the judge of an owned agent',
      { subjectRig: { ...alice, handle: 'bob', rigType: 'agent', parentRig: 'carol' } },
      'github admin acme/app#42',
    ],
    ['the judge of a rig without a row', { subjectRig: undefined }, 'github admin acme/app#42'],
    ['the owner of another rig', { ownRigs: new Set(['alice', 'alice-bot']) }, 'github admin acme/app#42'],
  ])('to %s', (_name, given, authority) => {
    const validator = given.validator ?? alice
    expect(decide(given)).toEqual({ permit: { validator, completion: 'c-0123456789abcdef', authority } })
  })
})

describe('a stamp is refused', () => {
  const role = (roleName: string) => ({ rule: 'role', roleName })
  test.each<[string, Partial<StampClaim>, object]>([
    ['triage', { permission: nothing }, role('triage')],
    ['write, even if a custom role is called admin', { permission: write }, role('admin')],
    ['trust level 2', { permission: nothing, validator: { ...alice, trustLevel: 2 } }, role('triage')],
    ['an admin whom settings leave out', { permission: { ...admin, narrowed: true } }, { rule: 'narrowed' }],
    [
      'a maintainer with a login of somebody whom settings name',
      { permission: { ...maintain, narrowed: true, loginOfAnother: true } },
      { rule: 'narrowed', loginOfAnother: true },
    ],
    ['a maintainer whom settings leave out', { permission: { ...maintain, narrowed: true } }, { rule: 'narrowed' }],
    [
      'trust level 3 that settings leave out',
      { permission: { ...nothing, narrowed: true }, validator: { ...alice, trustLevel: 3 } },
      { rule: 'narrowed' },
    ],
    ['triage that settings leave out', { permission: { ...nothing, narrowed: true } }, role('triage')],
    ['oneself', { subject: 'alice' }, { rule: 'yearbook-self' }],
    [
      'oneself, of trust level 3',
      { subject: 'alice', validator: { ...alice, trustLevel: 3 } },
      { rule: 'yearbook-self' },
    ],
    ['a suspended rig, even an admin', { validator: { ...alice, trustLevel: -1 } }, { rule: 'suspended' }],
    [
      'the judge of an agent without a human',
      { subjectRig: { ...alice, handle: 'bob', rigType: 'agent' } },
      { rule: 'unowned-agent', agent: 'bob' },
    ],
    ['oneself under another handle', { isSamePerson: true }, { rule: 'yearbook-self' }],
    ['an agent, even an admin', { validator: { ...alice, rigType: 'agent' } }, { rule: 'agent' }],
    [
      'an agent of trust level 3',
      { permission: nothing, validator: { ...alice, rigType: 'agent', trustLevel: 3 } },
      { rule: 'agent' },
    ],
    ['the same owner', { ownRigs: new Set(['alice', 'bob']) }, { rule: 'yearbook-owner', rig: 'bob' }],
    ['the writer of a tenth', { ownWork: work(0.1) }, { rule: 'yearbook-author', ...work(0.1) }],
    ['anybody while an author is unseen', { ownWork: 'unseen' }, { rule: 'yearbook-unseen' }],
    ['oneself while an author is unseen', { subject: 'alice', ownWork: 'unseen' }, { rule: 'yearbook-self' }],
    ['the writer of all', { ownWork: work(1) }, { rule: 'yearbook-author', ...work(1) }],
  ])('to %s', (_name, given, refused) => {
    expect(decide(given)).toEqual({ refused })
  })

  test('to the writer of exactly a tenth, however many lines that are', () => {
    for (let lines = 1; lines <= 1000; lines++) {
      expect(decide({ ownWork: work(lines / (lines * 10)) })).toHaveProperty('refused')
      expect(decide({ ownWork: work(lines / (lines * 10 + 1)) })).toHaveProperty('permit')
    }
  })
})

describe('a rejection', () => {
  const reject = (given: Partial<StampClaim>) => permitReject({ ...claim, ...given })

  test.each<[string, Partial<StampClaim>]>([
    ['of one’s own', { subject: 'alice' }],
    ['of one’s own under another handle', { isSamePerson: true }],
    ['of a rig of the same owner', { ownRigs: new Set(['alice', 'bob']) }],
    ['with one’s own commits', { ownWork: work(1) }],
    ['whose authors are not all seen', { ownWork: 'unseen' }],
    ['of an agent without a human', { subjectRig: { ...alice, handle: 'bob', rigType: 'agent' } }],
  ])('of work %s takes the role alone', (_name, given) => {
    const mine = { completion: 'c-0123456789abcdef' }
    expect(reject(given)).toMatchObject({ permit: { ...mine, authority: 'github admin acme/app#42' } })
    expect(reject({ ...given, permission: write })).toEqual({ refused: { rule: 'role', roleName: 'admin' } })
    const narrowed = { ...admin, narrowed: true }
    expect(reject({ ...given, permission: narrowed })).toEqual({ refused: { rule: 'narrowed' } })
    expect(reject({ ...given, validator: { ...alice, trustLevel: -1 } })).toEqual({ refused: { rule: 'suspended' } })
    expect(reject({ ...given, validator: { ...alice, rigType: 'agent' } })).toEqual({ refused: { rule: 'agent' } })
  })
})
