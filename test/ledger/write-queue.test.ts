import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pickBatches } from '../../src/ledger/engine/write-queue.ts'

interface Turn {
  n: number
  batchable: { author: string; conflictKeys: string[] } | undefined
}

const turns = fc
  .array(
    fc.option(
      fc.record({
        author: fc.constantFrom('ada', 'bob', 'cleo'),
        conflictKeys: fc.uniqueArray(fc.constantFrom('w-1', 'w-2', 'w-3', 'w-4', 'w-5', 'w-6'), { maxLength: 2 }),
      }),
      { nil: undefined, freq: 6 },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((all) => all.map((batchable, n): Turn => ({ n, batchable })))

/** All batches of a line, in which nothing arrives any more. */
function batches(line: Turn[]): Turn[][][] {
  const rest = [...line]
  const made: Turn[][][] = []
  while (rest.length > 0) made.push(pickBatches(rest))
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

  it('keep the order of turns conflictKeys the same, and let none pass one that does not say what it is conflictKeys', () => {
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
              one.batchable === undefined ||
              other.batchable === undefined ||
              one.batchable.conflictKeys.some((key) => other.batchable!.conflictKeys.includes(key))
            if (meets) expect(place.get(one.n)!).toBeLessThan(place.get(other.n)!)
          }
      }),
    )
  })

  it('have sets of one author, conflictKeys different things', () => {
    fc.assert(
      fc.property(turns, (line) => {
        for (const set of batches(line)
          .flat()
          .filter(({ length }) => length > 1)) {
          expect(new Set(set.map(({ batchable }) => batchable!.author)).size).toBe(1)
          const conflictKeys = set.flatMap(({ batchable }) => batchable!.conflictKeys)
          expect(new Set(conflictKeys).size).toBe(conflictKeys.length)
        }
      }),
    )
  })

  it('are of one turn while the line is short', () => {
    const line = Array.from({ length: 7 }, (_, n): Turn => ({
      n,
      batchable: { author: 'ada', conflictKeys: [`w-${n}`] },
    }))
    expect(batches(line)).toHaveLength(7)
    expect(batches([...line, { n: 7, batchable: { author: 'ada', conflictKeys: ['w-7'] } }])).toHaveLength(1)
  })
})
