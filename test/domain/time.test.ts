import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { later, ledgerTime } from '../../src/domain/time.ts'

describe('a time of the ledger', () => {
  test.each([
    { name: 'GitHub’s own form', iso: '2026-11-21T10:02:03Z', time: '2026-11-21 10:02:03' },
    { name: 'fractions, which are cut', iso: '2026-11-21T10:02:03.999Z', time: '2026-11-21 10:02:03' },
    { name: 'another zone', iso: '2026-11-21T01:02:03+02:00', time: '2026-11-20 23:02:03' },
  ])('is UTC in whole seconds: $name', ({ iso, time }) => {
    expect(ledgerTime(iso)).toBe(time)
  })

  test('has one shape for every instant', () => {
    const instants = fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2099-12-31') })
    fc.assert(
      fc.property(instants, (date) => {
        expect(ledgerTime(date.toISOString())).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      }),
    )
  })

  test.each(['', 'yesterday', '2026-13-01T00:00:00Z'])('is none: “%s”', (text) => {
    expect(() => ledgerTime(text)).toThrow(RangeError)
  })
})

test('the later of two times is found across zones', () => {
  const [noon, one] = ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00+01:00']
  expect(later(noon, one)).toBe(noon)
  expect(later(one, noon)).toBe(noon)
})
