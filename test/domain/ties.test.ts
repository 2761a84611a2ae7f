import { describe, expect, it } from 'vitest'
import { type EndedTie, sameOwnerSince, stoodSince, tied } from '../../src/domain/ties.ts'

const day = (n: number) => new Date(Date.UTC(2026, 10, n))
const ended = (one: string, other: string, until: Date): EndedTie => ({ one, other, endedAt: until })

describe('ties of one owner', () => {
  it.each<[string, EndedTie[], string[]]>([
    ['a tie that ended before the work began', [ended('a', 'b', day(9))], []],
    ['a tie that ended after the work began', [ended('a', 'b', day(11))], ['b']],
    ['the same said the other way round', [ended('b', 'a', day(11))], ['b']],
    [
      'a tie that ended in the minute before, by another clock',
      [ended('a', 'b', new Date(day(10).getTime() - 60_000))],
      ['b'],
    ],
    ['a chain of two, both ended since', [ended('a', 'b', day(11)), ended('c', 'b', day(12))], ['b', 'c']],
    ['a chain of which the nearer ended before', [ended('a', 'b', day(9)), ended('b', 'c', day(12))], []],
  ])('%s', (_name, ties, others) => {
    expect(sameOwnerSince('a', [], ties, day(10))).toEqual(new Set(['a', ...others]))
  })

  it('that stand and that have ended lead on from each other', () => {
    const rigs = sameOwnerSince(
      'a',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [ended('b', 'c', day(11))],
      day(10),
    )
    expect(rigs).toEqual(new Set(['a', 'b', 'c', 'd']))
  })

  it('that stand count whatever has ended', () => {
    expect(sameOwnerSince('a', [['b', 'a']], [ended('a', 'b', day(1))], day(10))).toEqual(new Set(['a', 'b']))
  })

  it('in a ring or said twice are gone through once', () => {
    expect(
      tied('a', [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['a', 'b'],
      ]),
    ).toEqual(new Set(['a', 'b', 'c']))
    expect(tied('x', [['a', 'b']])).toEqual(new Set(['x']))
  })

  it('without a known begin all count that ever stood', () => {
    expect(stoodSince([ended('a', 'b', day(1))], new Date(0))).toEqual([['a', 'b']])
  })
})
