import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { announceable, termOf } from '../../src/reputation/claim-term.ts'

const DAY_MS = 24 * 3_600_000
const at = new Date('2026-11-21T10:00:00Z')

describe('the term of a claim', () => {
  test.each([
    [3, '2026-11-23T10:00:00.000Z', '2026-11-24T10:00:00.000Z'],
    [7, '2026-11-27T00:24:00.000Z', '2026-11-28T10:00:00.000Z'],
    [60, '2027-01-08T10:00:00.000Z', '2027-01-20T10:00:00.000Z'],
  ])('of %i days is announced a fifth before its end, but at least a day', (days, announce, end) => {
    const { announceAt, endsAt } = termOf(at, days)
    expect([announceAt.toISOString(), endsAt.toISOString()]).toEqual([announce, end])
  })

  test('is never announced less than its notice before the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 180 }), fc.integer({ min: 0, max: 400 }), (days, late) => {
        const term = termOf(at, days)
        const now = new Date(at.getTime() + late * DAY_MS)
        const { endsAt } = announceable(term, now)
        expect(endsAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(DAY_MS)
        expect(endsAt.getTime()).toBeGreaterThanOrEqual(term.endsAt.getTime())
      }),
    )
  })
})
