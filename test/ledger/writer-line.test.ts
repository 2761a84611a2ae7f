import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pickBatch } from '../../src/ledger/writer-line.ts'

interface Turn {
  n: number
  inSet: { author: string; about: string[] } | undefined
}

const turns = fc
  .array(
    fc.option(
      fc.record({
        author: fc.constantFrom('ada', 'bob', 'cleo'),
        about: fc.uniqueArray(fc.constantFrom('w-1', 'w-2', 'w-3', 'w-4', 'w-5', 'w-6'), { maxLength: 2 }),
      }),
      { nil: undefined, freq: 6 },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((all) => all.map((inSet, n): Turn => ({ n, inSet })))

/** All batches of a line, in which nothing arrives any more. */
function batches(line: Turn[]): Turn[][][] {
  const rest = [...line]
  const made: Turn[][][] = []
  while (rest.length > 0) made.push(pickBatch(rest))
  return made
}

describe('batches of a line', () => {
  it('have each turn once', () => {
    fc.assert(
      fc.property(turns, (line) => {
        const written = batches(line).flat(2)
        expect(written.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(line.map(({ n }) => n))
      }),
    )
  })

  it('keep the order of turns about the same, and let none pass one that does not say what it is about', () => {
    fc.assert(
      fc.property(turns, (line) => {
        const place = new Map(
          batches(line)
            .flat(2)
            .map(({ n }, at) => [n, at] as const),
        )
        for (const [n, one] of line.entries())
          for (const other of line.slice(n + 1)) {
            const meets =
              one.inSet === undefined ||
              other.inSet === undefined ||
              one.inSet.about.some((key) => other.inSet!.about.includes(key))
            if (meets) expect(place.get(one.n)!).toBeLessThan(place.get(other.n)!)
          }
      }),
    )
  })

  it('have sets of one author, about different things', () => {
    fc.assert(
      fc.property(turns, (line) => {
        for (const set of batches(line)
          .flat()
          .filter(({ length }) => length > 1)) {
          expect(new Set(set.map(({ inSet }) => inSet!.author)).size).toBe(1)
          const about = set.flatMap(({ inSet }) => inSet!.about)
          expect(new Set(about).size).toBe(about.length)
        }
      }),
    )
  })

  it('are of one turn while the line is short', () => {
    const line = Array.from({ length: 7 }, (_, n): Turn => ({ n, inSet: { author: 'ada', about: [`w-${n}`] } }))
    expect(batches(line)).toHaveLength(7)
    expect(batches([...line, { n: 7, inSet: { author: 'ada', about: ['w-7'] } }])).toHaveLength(1)
  })
})
