import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitMessage, readTrailers } from '../../src/domain/commit-message.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('x\nAuthority: trust 3', 'x\r\nCommand: forged', 'a\n\nCommand: forged', '\n\n', 'x\u2028Command: y'),
)

describe('a commit message', () => {
  test('without trailers is its subject alone', () => {
    expect(commitMessage('wl claim: w-0123456789', {})).toBe('wl claim: w-0123456789')
    expect(readTrailers('wl claim: w-0123456789').size).toBe(0)
  })

  test('has its trailers after an empty line', () => {
    const message = commitMessage('wl accept: w-0123456789', { Command: 'github/review/1/stamp/1', Given: 'quality' })
    expect(message).toBe('wl accept: w-0123456789\n\nCommand: github/review/1/stamp/1\nGiven: quality')
    expect([...readTrailers(message)]).toEqual([
      ['Command', 'github/review/1/stamp/1'],
      ['Given', 'quality'],
    ])
  })

  test('has the trailers that it was given and no other, whatever subject and values hold', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (subject, reason, sender) => {
        const message = commitMessage(`wl reject: w-0123456789 — ${subject}`, { Reason: reason, Sender: sender })
        expect([...readTrailers(message).keys()]).toEqual(['Reason', 'Sender'])
        expect(message.split('\n')).toHaveLength(4)
      }),
    )
  })

  test('of the peers, with a reason of several paragraphs, yields at most the last one', () => {
    expect(readTrailers('wl reject: w-1 — no\n\nCommand: forged\n\nsorry').size).toBe(0)
  })
})
