import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLong, pickBatch } from '../../src/ledger/engine/write-queue.ts'

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
function batches(line: Turn[]): Turn[][] {
  const rest = [...line]
  const made: Turn[][] = []
  while (rest.length > 0) made.push(pickBatch(rest, isLong(line)))
  return made
}

describe('batches of a line', () => {
  it('have each turn once', () => {
    fc.assert(
      fc.property(turns, (line) => {
        const written = batches(line).flat()
        expect(written.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(line.map(({ n }) => n))
      }),
    )
  })

  it('keep the order of turns conflictKeys the same, and let none pass one that does not say what it is conflictKeys', () => {
    fc.assert(
      fc.property(turns, (line) => {
        const place = new Map(
          batches(line)
            .flat()
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
        for (const set of batches(line).filter(({ length }) => length > 1)) {
          expect(new Set(set.map(({ batchable }) => batchable!.author)).size).toBe(1)
          const conflictKeys = set.flatMap(({ batchable }) => batchable!.conflictKeys)
          expect(new Set(conflictKeys).size).toBe(conflictKeys.length)
        }
      }),
    )
  })

  it('have all turns of the author who stands first, however many others stand between', () => {
    const authors = ['ada', 'bob', 'cleo']
    const line = Array.from({ length: 30 }, (_, n): Turn => ({
      n,
      batchable: { author: authors[n % 3]!, conflictKeys: [`w-${n}`] },
    }))
    const [first, ...others] = batches(line)
    expect(first!.map(({ n }) => n)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27])
    expect(others.map((set) => set.length)).toEqual([10, 10])
  })

  it('have at most as many turns as one statement has rows; the others of their author come next', () => {
    const line = Array.from({ length: 450 }, (_, n): Turn => ({
      n,
      batchable: { author: 'ada', conflictKeys: [`w-${n}`] },
    }))
    const made = batches(line)
    expect(made.slice(0, 2).map((set) => set.length)).toEqual([200, 200])
    expect(made.flat().map(({ n }) => n)).toEqual(line.map(({ n }) => n))
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
