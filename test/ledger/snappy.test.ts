import { describe, expect, it } from 'vitest'
import { unsnappy } from '../../src/ledger/profiles/snappy.ts'

const literal = (text: string) =>
  Buffer.concat([
    text.length > 60 ? Buffer.from([60 << 2, text.length - 1]) : Buffer.from([(text.length - 1) << 2]),
    Buffer.from(text),
  ])
const copy = {
  short: (length: number, distance: number) =>
    Buffer.from([((distance >> 8) << 5) | ((length - 4) << 2) | 1, distance & 255]),
  long: (length: number, distance: number) => Buffer.from([((length - 1) << 2) | 2, distance & 255, distance >> 8]),
  far: (length: number, distance: number) =>
    Buffer.from([((length - 1) << 2) | 3, distance & 255, distance >> 8, 0, 0]),
}
const block = (size: number, ...parts: Buffer[]) =>
  Buffer.concat([Buffer.from(size < 128 ? [size] : [(size & 127) | 128, size >> 7]), ...parts])

const LONG = 'x'.repeat(70)
const BLOCKS: [what: string, packed: Buffer, text: string][] = [
  ['nothing', block(0), ''],
  ['a literal', block(4, literal('pile')), 'pile'],
  ['a literal with a length of its own', block(70, literal(LONG)), LONG],
  [
    'copies of each kind, into what they write too',
    block(26, literal('ab'), copy.short(4, 2), copy.long(10, 6), copy.far(10, 2)),
    'ab'.repeat(13),
  ],
  [
    'more than a byte tells',
    block(200, literal(LONG), literal('y'.repeat(60)), literal(LONG)),
    `${LONG}${'y'.repeat(60)}${LONG}`,
  ],
]

describe('a Snappy block', () => {
  it.each(BLOCKS)('of %s is unpacked', (_, packed, text) => {
    expect(unsnappy(packed).toString()).toBe(text)
  })

  it.each(BLOCKS)('of %s that broke off anywhere is none, and no shorter text', (_, packed) => {
    for (let length = 0; length < packed.length; length++)
      expect(() => unsnappy(packed.subarray(0, length))).toThrow(RangeError)
  })

  it.each([
    ['a literal that is longer than it says', block(3, literal('pile'))],
    ['a copy that is longer than it says', block(5, literal('ab'), copy.short(4, 2))],
    ['too little', block(5, literal('pile'))],
    ['a copy of what is not there', block(6, literal('ab'), copy.short(4, 3))],
    ['a copy of itself', block(6, literal('ab'), copy.short(4, 0))],
    ['a size beyond a gigabyte', Buffer.from([255, 255, 255, 255, 15, 0])],
  ])('with %s is none', (_, packed) => {
    expect(() => unsnappy(packed)).toThrow(RangeError)
  })
})
