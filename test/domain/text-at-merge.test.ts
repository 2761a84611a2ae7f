import { describe, expect, it } from 'vitest'
import { type BodyEdit, bodyAtMerge, titleAtMerge } from '../../src/domain/text-at-merge.ts'

/** A second of one minute. */
const at = (second: number) => `2026-11-21T00:00:${String(second).padStart(2, '0')}Z`
const CREATED = at(10)
const MERGED = at(30)

describe('the description of a pull request as it was merged', () => {
  const read = (edits: [number, string | undefined][], { body = edits.at(-1)?.[1] ?? '', total = edits.length } = {}) =>
    bodyAtMerge(
      { body, wasEdited: true, edits: edits.map(([second, text]): BodyEdit => ({ at: at(second), text })), total },
      { createdAt: CREATED, mergedAt: MERGED },
    )

  it('is the present one where nobody edited it', () => {
    const history = { body: 'Reverts #1', wasEdited: false, edits: [], total: 0 }
    expect(bodyAtMerge(history, { createdAt: CREATED, mergedAt: MERGED })).toBe('Reverts #1')
  })

  it.each<[string, [number, string | undefined][], string]>([
    [
      'one that was edited before the merge',
      [
        [10, 'a'],
        [20, 'b'],
      ],
      'b',
    ],
    [
      'one that was edited after the merge',
      [
        [10, 'a'],
        [40, 'b'],
      ],
      'a',
    ],
    [
      'one that was edited in the second of the merge',
      [
        [10, 'a'],
        [30, 'b'],
      ],
      'a',
    ],
    [
      'one that was edited before and after',
      [
        [10, 'a'],
        [20, 'b'],
        [40, 'c'],
        [50, 'd'],
      ],
      'b',
    ],
    [
      'one that was edited twice in a second',
      [
        [10, 'a'],
        [20, 'b'],
        [20, 'c'],
        [40, 'd'],
      ],
      'c',
    ],
    [
      'one of whose later texts GitHub has dropped',
      [
        [10, 'a'],
        [40, undefined],
        [50, 'd'],
      ],
      'a',
    ],
    [
      'one that ends in a line break more',
      [
        [10, 'a'],
        [20, 'b\r\nc\n'],
      ],
      'b\r\nc\n',
    ],
  ])('is found for %s', (_name, edits, text) => {
    expect(read(edits)).toBe(text)
  })

  it('is the first one where it was opened and merged in one second', () => {
    const edits = [
      { at: at(30), text: 'a' },
      { at: at(31), text: 'b' },
    ]
    const times = { createdAt: at(30), mergedAt: at(30) }
    expect(bodyAtMerge({ body: 'b', wasEdited: true, edits, total: 2 }, times)).toBe('a')
  })

  it.each<[string, [number, string | undefined][], { body?: string; total?: number }]>([
    [
      'is dropped by GitHub',
      [
        [10, 'a'],
        [20, undefined],
        [40, 'c'],
      ],
      {},
    ],
    [
      'may be in the edits that are not listed',
      [
        [20, 'b'],
        [40, 'c'],
      ],
      { total: 3 },
    ],
    [
      'is not among the edits, for all came later',
      [
        [40, 'b'],
        [50, 'c'],
      ],
      {},
    ],
    [
      'is of a list that ends with another text than the present one',
      [
        [10, 'a'],
        [20, 'b'],
      ],
      { body: 'c' },
    ],
    ['is told by no edit', [], { total: 2 }],
    ['was edited, and no edit is counted', [], {}],
  ])('is not known where it %s', (_name, edits, about) => {
    expect(read(edits, about)).toBeUndefined()
  })
})

describe('the title of a pull request as it was merged', () => {
  const rename = (second: number, from: string, to: string) => ({ at: at(second), from, to })

  it.each([
    ['never renamed', 'a', [], 'a'],
    ['renamed before the merge', 'b', [rename(20, 'a', 'b')], 'b'],
    ['renamed after the merge', 'b', [rename(40, 'a', 'b')], 'a'],
    ['renamed in the second of the merge', 'b', [rename(30, 'a', 'b')], 'a'],
    [
      'renamed before and after, and back',
      'b',
      [rename(20, 'a', 'b'), rename(40, 'b', 'c'), rename(41, 'c', 'b')],
      'b',
    ],
    ['renamed to what is not the present one', 'c', [rename(40, 'a', 'b')], undefined],
  ])('of one that was %s', (_name, title, renames, found) => {
    expect(titleAtMerge(title, renames, MERGED)).toBe(found)
  })
})
