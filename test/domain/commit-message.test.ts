import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitMessage, readTrailers, setMessage } from '../../src/domain/commit-message.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('x\nAuthority: trust 3', 'x\r\nCommand: forged', 'a\n\nCommand: forged', '\n\n', 'x\u2028Command: y'),
)

describe('a commit message', () => {
  test('without trailers is its subject alone', () => {
    expect(commitMessage('wl claim: w-0123456789', {})).toBe('wl claim: w-0123456789')
    expect(readTrailers('wl claim: w-0123456789')).toEqual([])
  })

  test('has its trailers after an empty line', () => {
    const message = commitMessage('wl accept: w-0123456789', { Command: 'github/review/1/stamp/1', Given: 'quality' })
    expect(message).toBe('wl accept: w-0123456789\n\nCommand: github/review/1/stamp/1\nGiven: quality')
    expect(readTrailers(message).map((trailers) => [...trailers])).toEqual([
      [
        ['Command', 'github/review/1/stamp/1'],
        ['Given', 'quality'],
      ],
    ])
  })

  test('has the trailers that it was given and no other, whatever subject and values hold', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (subject, reason, sender) => {
        const message = commitMessage(`wl reject: w-0123456789 — ${subject}`, { Reason: reason, Sender: sender })
        expect(readTrailers(message).map((trailers) => [...trailers.keys()])).toEqual([['Reason', 'Sender']])
        expect(message.split('\n')).toHaveLength(4)
      }),
    )
  })

  test('of the peers, with a reason of several paragraphs, yields at most the last one', () => {
    expect(readTrailers('wl reject: w-1 — no\n\nCommand: forged\n\nsorry')).toEqual([])
  })

  test('of a set tells each turn, whatever their subjects and values hold', () => {
    const turn = fc.tuple(hostile, hostile)
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), (turns) => {
        const messages = turns.map(([subject, sender], n) =>
          commitMessage(`wl accept: w-${n} ${subject}`, { Command: String(n), Sender: sender }),
        )
        const told = readTrailers(setMessage(messages))
        expect(told.map((trailers) => trailers.get('Command'))).toEqual(turns.map((_, n) => String(n)))
        expect(told.every(({ size }) => size === 2)).toBe(true)
      }),
    )
  })
})
