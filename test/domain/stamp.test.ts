import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completionHash } from '../../src/domain/completion.ts'
import { blockHash } from '../../src/domain/hash.ts'
import { fullValence, nextPlace, type Stamp, stampHash } from '../../src/domain/stamp.ts'

const score = fc.integer({ min: 1, max: 5 })
const given = fc.option(score, { nil: undefined })
const stamp: Stamp = {
  id: 's-0123456789abcdef',
  author: 'alice',
  subject: 'bob',
  valence: { quality: 4, reliability: 4 },
  confidence: 0.7,
  severity: 'leaf',
  contextId: 'c-0123456789abcdef',
  skillTags: ['typescript', 'docs'],
  message: null,
  hopUri: 'entity://github/alice/1',
  createdAt: '2026-11-21 10:02:03',
}
const completion = {
  id: 'c-0123456789abcdef',
  wantedId: 'w-0123456789',
  completedBy: 'bob',
  evidence: 'https://github.com/acme/app/pull/5',
  hopUri: null,
  completedAt: '2026-11-21 10:02:03',
}

describe('the valence of a stamp', () => {
  test('holds quality and reliability as integers, creativity only when given, and no other key', () => {
    fc.assert(
      fc.property(score, given, given, (quality, reliability = quality, creativity) => {
        const valence = fullValence({ quality, reliability, creativity })
        const pair = { quality, reliability }
        expect(valence).toStrictEqual(creativity === undefined ? pair : { ...pair, creativity })
        expect(JSON.stringify(valence)).toMatch(/^\{"quality":[1-5],"reliability":[1-5](,"creativity":[1-5])?\}$/)
      }),
    )
  })

  test('repeats the one of quality and reliability that was given, and needs one of them', () => {
    expect(fullValence({ quality: 4 })).toStrictEqual({ quality: 4, reliability: 4 })
    expect(fullValence({ reliability: 2 })).toStrictEqual({ quality: 2, reliability: 2 })
    expect(fullValence({ creativity: 5 })).toBeUndefined()
  })
})

describe('the passbook', () => {
  test('begins at 0 without a hash', () => {
    expect(nextPlace(undefined)).toEqual({ stampIndex: 0, prevStampHash: null })
  })

  test('goes on with the sha256 of the previous stamp’s id, as gt checks it', () => {
    const hash = createHash('sha256').update('s-1').digest('hex')
    expect(nextPlace({ id: 's-1', stampIndex: 4 })).toEqual({ stampIndex: 5, prevStampHash: hash })
  })
})

describe('a block hash', () => {
  test('is that of the canonical JSON, so the order of keys does not matter', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).toReversed())
        expect(blockHash(reversed)).toBe(blockHash(fields))
      }),
    )
    const canonical = createHash('sha256').update('{"a":[1,0.7],"b":{"c":null,"d":"é"}}').digest('hex')
    expect(blockHash({ b: { d: 'é', c: null }, a: [1, 0.7] })).toBe(canonical)
  })

  test('of a stamp is the same after Dolt reordered its valence', () => {
    const place = nextPlace(undefined)
    const reordered = { ...stamp, valence: { reliability: 4, quality: 4 } }
    expect(stampHash(reordered, place)).toBe(stampHash(stamp, place))
  })

  test.each([
    ['id', 's-1'],
    ['author', 'carol'],
    ['subject', 'carol'],
    ['valence', { quality: 5, reliability: 4 }],
    ['confidence', 0.8],
    ['severity', 'root'],
    ['contextId', 'c-1'],
    ['skillTags', ['docs', 'typescript']],
    ['message', 'good'],
    ['createdAt', '2026-11-21 10:02:04'],
  ])('of a stamp changes with %s', (field, value) => {
    const place = nextPlace(undefined)
    expect(stampHash({ ...stamp, [field]: value }, place)).not.toBe(stampHash(stamp, place))
  })

  test('of a stamp changes with its place in the passbook', () => {
    expect(stampHash(stamp, nextPlace({ id: 's-1', stampIndex: 0 }))).not.toBe(stampHash(stamp, nextPlace(undefined)))
  })

  test.each(['id', 'wantedId', 'completedBy', 'evidence', 'completedAt', 'hopUri'])(
    'of a completion changes with %s',
    (field) => {
      expect(completionHash({ ...completion, [field]: 'other' })).not.toBe(completionHash(completion))
    },
  )
})
