import { describe, expect, test } from 'vitest'
import { sheetOf, type SheetStamp, type SheetWork, trustWord } from '../../src/reputation/sheet.ts'

const work = (completion: string, change: Partial<SheetWork> = {}): SheetWork => ({
  completion,
  title: `Title of ${completion}`,
  linked: true,
  completed: true,
  at: '2026-11-02 10:00:00',
  ...change,
})
const stamp = (id: string, change: Partial<SheetStamp> = {}): SheetStamp => ({
  id,
  author: 'mia',
  completion: 'c-1',
  valence: { quality: 4, reliability: 4 },
  skills: [],
  ...change,
})
const unflagged = new Set<string>()
const given = (entries: Record<string, string[]> = {}) => new Map(Object.entries(entries))

describe('a sheet', () => {
  test('of nothing is empty, and no average is invented', () => {
    expect(sheetOf([], [], given(), unflagged)).toEqual({
      validated: 0,
      unvalidated: 0,
      inReview: 0,
      stamps: 0,
      flagged: 0,
      validators: 0,
      averages: {},
      skills: [],
      last: undefined,
    })
  })

  test('tells validated work from closed and waiting work', () => {
    const some = [
      work('c-1'),
      work('c-2', { linked: false }),
      work('c-3', { linked: false, completed: false }),
      work('c-4', { linked: false, completed: false }),
    ]
    expect(sheetOf(some, [stamp('s-1')], given(), unflagged)).toMatchObject({
      validated: 1,
      unvalidated: 1,
      inReview: 2,
    })
  })

  test('counts a co-author’s work as validated by the stamp that names it', () => {
    const child = work('c-child', { linked: false })
    expect(sheetOf([child], [stamp('s-1', { completion: 'c-child' })], given(), unflagged)).toMatchObject({
      validated: 1,
      unvalidated: 0,
    })
  })

  test('averages what was given, and not what was filled in for the peers’ readers', () => {
    const stamps = [
      stamp('s-1', { valence: { quality: 5, reliability: 5 } }),
      stamp('s-2', { author: 'ada', valence: { quality: 2, reliability: 3, creativity: 1 } }),
    ]
    expect(
      sheetOf([work('c-1')], stamps, given({ 's-1': ['quality'], 's-2': ['quality', 'creativity'] }), unflagged)
        .averages,
    ).toEqual({ quality: { mean: 3.5, count: 2 }, creativity: { mean: 1, count: 1 } })
  })

  test('takes all of a valence that wl wrote, and nothing that is no number', () => {
    const theirs = stamp('s-1', { valence: { quality: 3, reliability: '5', creativity: null } })
    expect(sheetOf([], [theirs], given(), unflagged).averages).toEqual({ quality: { mean: 3, count: 1 } })
  })

  test('counts only the latest of one author on one completion', () => {
    const stamps = [
      stamp('s-1', { valence: { quality: 1, reliability: 1 }, skills: ['go'] }),
      stamp('s-2', { author: 'ada' }),
      stamp('s-3', { valence: { quality: 5, reliability: 5 }, skills: ['docs'] }),
      stamp('s-4', { completion: 'c-2', skills: ['docs'] }),
      stamp('s-5', { completion: null }),
      stamp('s-6', { completion: null }),
    ]
    expect(sheetOf([], stamps, given(), unflagged)).toMatchObject({
      stamps: 5,
      validators: 2,
      averages: { quality: { mean: 4.2, count: 5 } },
      skills: [{ name: 'docs', count: 2 }],
    })
  })

  test('counts flagged stamps apart, and takes no score, skill or validator from them', () => {
    const stamps = [
      stamp('s-1', { author: 'alt', valence: { quality: 1, reliability: 1 }, completion: 'c-2' }),
      stamp('s-2', { author: 'alt', valence: { quality: 5, reliability: 5 }, skills: ['go'], completion: 'c-2' }),
      stamp('s-3', { author: 'alt', valence: { quality: 5, reliability: 5 }, completion: 'c-3' }),
      stamp('s-4', { skills: ['docs'] }),
    ]
    const work3 = [work('c-1'), work('c-2'), work('c-3')]
    expect(sheetOf(work3, stamps, given(), new Set(['s-1', 's-2', 's-3', 's-of-somebody']))).toMatchObject({
      validated: 3,
      stamps: 1,
      flagged: 2,
      validators: 1,
      averages: { quality: { mean: 4, count: 1 } },
      skills: [{ name: 'docs', count: 1 }],
    })
  })

  test('names five skills, the most given first, each once a stamp', () => {
    const stamps = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, n) =>
      stamp(`s-${n}`, { completion: `c-${n}`, skills: [name, 'Go', 'go'] }),
    )
    const { skills } = sheetOf([], [...stamps, stamp('s-9', { completion: 'c-9', skills: ['f'] })], given(), unflagged)
    expect(skills.map(({ name, count }) => `${name} ${count}`)).toEqual(['go 7', 'f 2', 'a 1', 'b 1', 'c 1'])
  })

  test('ends with the newest work', () => {
    const some = [work('c-1', { at: '2026-11-05 10:00:00' }), work('c-2'), work('c-3', { at: '2025-01-01 00:00:00' })]
    expect(sheetOf(some, [], given(), unflagged).last).toMatchObject({ title: 'Title of c-1' })
  })
})

test.each([
  [-1, 'suspended'],
  [0, 'unranked'],
  [1, 'registered'],
  [2, 'contributor'],
  [3, 'maintainer'],
  [9, 'maintainer'],
])('trust level %i is %s', (level, word) => {
  expect(trustWord(level)).toBe(word)
})
