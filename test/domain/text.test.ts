import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clip, count, oneLine, storableJson } from '../../src/domain/text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 300 })
/** Half of a pair now and then, which JSON can carry. */
const brokenText = fc
  .array(fc.oneof(anyText, fc.constantFrom('\ud800', '\udc00', '\r\n', '\u2028', '\0', '\u202e')))
  .map((parts) => parts.join(''))

describe('a line of ledger text', () => {
  test('holds no line break, control character, bidirectional override or lone surrogate, whatever it was made of', () => {
    fc.assert(
      fc.property(brokenText, (text) => {
        const line = oneLine(text)
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
        expect(line.isWellFormed()).toBe(true)
        expect(line).toBe(line.trim())
      }),
    )
  })

  test('stays as it is when it is made one line again', () => {
    fc.assert(
      fc.property(brokenText, (text) => {
        expect(oneLine(oneLine(text))).toBe(oneLine(text))
      }),
    )
  })

  test.each([
    { name: 'LF', text: 'a\nb' },
    { name: 'CR', text: 'a\rb' },
    { name: 'CRLF', text: 'a\r\nb' },
    { name: 'NEL', text: 'a\u0085b' },
    { name: 'vertical tab and form feed', text: 'a\v\fb' },
    { name: 'line and paragraph separator', text: 'a\u2028\u2029b' },
    { name: 'NUL', text: 'a\0b' },
    { name: 'an ANSI escape', text: 'a\u001b b' },
    { name: 'a right-to-left override', text: 'a\u202eb' },
    { name: 'an Arabic letter mark', text: 'a\u061cb' },
    { name: 'a byte order mark', text: 'a\ufeffb' },
  ])('has one space for $name', ({ text }) => {
    expect(oneLine(text)).toBe('a b')
  })

  test('cannot forge a second row of the peers’ board', () => {
    expect(oneLine('Fix it\nw-0123456789 | open | Free money')).toBe('Fix it w-0123456789 | open | Free money')
  })

  test('keeps what is only foreign: accents, emoji with joiners, right-to-left script', () => {
    for (const text of ['Grüße', '👩‍💻 ok', 'שלום', '日本語']) expect(oneLine(text)).toBe(text)
  })
})

describe('a clipped text', () => {
  test('has at most as many characters as it may, and is never cut within one', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const clipped = clip(text, limit)
        expect(Array.from(clipped).length).toBeLessThanOrEqual(limit)
        expect(clipped.isWellFormed()).toBe(text.isWellFormed())
      }),
    )
  })

  test('says by an ellipsis that something is missing, and only then', () => {
    expect(clip('abcdef', 4)).toBe('abc…')
    expect(clip('abcd', 4)).toBe('abcd')
    expect(clip('😀😀😀', 3)).toBe('😀😀😀')
    expect(clip('😀😀😀', 2)).toBe('😀…')
  })
})

test('one is singular, every other number plural', () => {
  expect([0, 1, 2].map((n) => count(n, 'item'))).toEqual(['0 items', '1 item', '2 items'])
})

test.each([
  ['tag characters', 'a\u{e0041}\u{e0042}b', 'ab'],
  ['a soft hyphen', 'co\u00adop', 'coop'],
  ['a zero-width joiner in a Latin word', 'a\u200db', 'ab'],
  ['a zero-width non-joiner at the end', 'a\u200c', 'a'],
  ['Hangul fillers', '\u3164a\uffa0\u115f', 'a'],
  ['a braille blank', '\u2800a', 'a'],
  ['variation selectors alone', 'a\ufe0f\ufe0e\u{e0100}', 'a'],
  ['a second variation selector', '\u2764\ufe0f\ufe0e', '\u2764\ufe0f'],
  ['nothing else than invisible ones', '\u3164\u00ad\u{e0041}\u200b', ''],
])('one line leaves out %s', (_name, text, expected) => {
  expect(oneLine(text)).toBe(expected)
})

test.each([
  ['an emoji of several', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a heart in red', '\u2764\ufe0f'],
  ['a Persian word', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['a Hindi word', '\u0915\u094d\u200d\u0937'],
])('one line keeps %s as it is', (_name, text) => {
  expect(oneLine(text)).toBe(text)
})

test('a JSON value that any store takes has each text whole or mended, wherever it stands', () => {
  const told = { name: 'a\0c', list: ['\ud83d', { deep: 'x\udc00y' }], n: 1, none: null, is: true, '😀': '😀' }
  expect(storableJson(told)).toEqual({
    name: 'a\ufffdc',
    list: ['\ufffd', { deep: 'x\ufffdy' }],
    n: 1,
    none: null,
    is: true,
    '😀': '😀',
  })
  fc.assert(
    fc.property(brokenText, (text) => {
      const [kept] = storableJson([text]) as string[]
      expect([kept!.isWellFormed(), kept!.includes('\0'), kept!.length]).toEqual([true, false, text.length])
    }),
  )
})
