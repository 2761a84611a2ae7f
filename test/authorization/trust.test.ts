import { describe, expect, it } from 'vitest'
import { loweredWithinDay, type PastTrustChange, trustRefusal } from '../../src/authorization/trust.ts'
import type { Rig } from '../../src/domain/rig.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)
const change = (by: string, rig: string, before: number, after: number, hours: number): PastTrustChange => ({
  by,
  rig,
  before,
  after,
  at: ago(hours),
})
const suspended = (by: string, hours: number) => change(by, 'victim', 3, -1, hours)

describe('loweredWithinDay', () => {
  it.each([
    ['nothing was lowered', [], undefined],
    ['they suspended one', [suspended('ann', 1)], 'victim'],
    ['they lowered one by promoting it to level 2', [change('ann', 'victim', 3, 2, 1)], 'victim'],
    ['it was a day ago', [suspended('ann', 24)], undefined],
    ['a comment that was written before is taken later', [suspended('ann', -1)], 'victim'],
    ['it was no rig of level 3', [change('ann', 'victim', 2, -1, 1)], undefined],
    ['somebody independent did it', [suspended('bob', 1)], undefined],
    ['their other rig did it', [suspended('ann-2', 1)], 'victim'],
    ['whom they promoted within 7 days did it', [change('ann', 'bob', 1, 3, 100), suspended('bob', 1)], 'victim'],
    ['whom they promoted before did it', [change('ann', 'bob', 1, 3, 169), suspended('bob', 1)], undefined],
    ['who promoted them within 7 days did it', [change('bob', 'ann', 1, 3, 100), suspended('bob', 1)], 'victim'],
    [
      'another whom the same person promoted did it',
      [change('eve', 'ann', 1, 3, 100), change('eve', 'bob', 1, 3, 100), suspended('bob', 1)],
      'victim',
    ],
    [
      'it was done by whom a rig of theirs promoted',
      [change('ann-2', 'bob', 1, 3, 100), suspended('bob', 1)],
      'victim',
    ],
  ] as const)('where %s', (_, changes, expected) => {
    expect(loweredWithinDay('ann', NOW, changes, [['ann', 'ann-2']])).toBe(expected)
  })
})

describe('trustRefusal', () => {
  const rig = (handle: string, trustLevel: number) => ({ handle, trustLevel, rigType: 'human' }) as Rig
  const by = { rig: rig('ann', 3), ownRigs: new Set(['ann']), lowered: 'victim' }

  it.each([
    ['suspends a second of level 3', 3, -1, 'one-a-day'],
    ['lowers a second of level 3', 3, 2, 'one-a-day'],
    ['suspends somebody of level 2', 2, -1, undefined],
    ['promotes', 1, 3, undefined],
    ['lets a suspended rig in', -1, 1, undefined],
  ] as const)('of who lowered one and %s', (_, before, level, rule) => {
    expect(trustRefusal(by, rig('carl', before), level)?.rule).toBe(rule)
  })

  it('does not hold the operator up', () => {
    expect(trustRefusal(undefined, rig('carl', 3), -1)).toBeUndefined()
  })
})
