import { describe, expect, it } from 'vitest'
import { commitMessage, readTrailers, setMessage } from '../../src/domain/commit-message.ts'
import { createCommitSigner, isSigned } from '../../src/ledger/engine/signature.ts'
import { KEY } from './key.ts'

const MIA = 'mia <1+mia@users.noreply.github.com>'
const MESSAGES: Record<string, string> = {
  'a subject alone': 'a note',
  'a subject and trailers': commitMessage('wl accept: w-1', { Command: 'c', Stamp: 's-1' }),
  'a batch': setMessage([
    commitMessage('wl accept: w-1', { Stamp: 's-1' }),
    commitMessage('wl accept: w-2', { Stamp: 's-2' }),
  ]),
  'a batch that ends in a subject': setMessage([commitMessage('wl accept: w-1', { Stamp: 's-1' }), 'wl accept: w-2']),
}

describe('a signature', () => {
  it.each(Object.entries(MESSAGES))('of %s is told from every other text, author and key', (_, text) => {
    const signer = createCommitSigner(KEY, () => 1_000)
    const { message, sequence } = signer.sign(text, MIA)
    expect(message.startsWith(text)).toBe(true)
    expect(createCommitSigner(KEY).verify(message, MIA)).toBe(sequence)
    expect(createCommitSigner(Buffer.alloc(32, 8)).verify(message, MIA)).toBeUndefined()
    expect(signer.verify(message, 'bob <2+bob@users.noreply.github.com>')).toBeUndefined()
    for (let n = 0; n < message.length; n++) {
      const other = message[n] === 'x' ? 'y' : 'x'
      expect(signer.verify(`${message.slice(0, n)}${other}${message.slice(n + 1)}`, MIA)).toBeUndefined()
      expect(signer.verify(`${message.slice(0, n)}${message.slice(n + 1)}`, MIA)).toBeUndefined()
      expect(signer.verify(`${message.slice(0, n)}\n${message.slice(n)}`, MIA)).toBeUndefined()
    }
    for (const more of ['\n', ' ', '\nStamp: s-3', '\n\nwl note: x'])
      expect(signer.verify(message + more, MIA)).toBeUndefined()
  })

  it('leaves the trailers of each turn of a batch where they were', () => {
    const signer = createCommitSigner(KEY)
    const read = (text: string) => readTrailers(text).map((trailers) => trailers.get('Stamp'))
    for (const text of Object.values(MESSAGES).slice(0, 3)) {
      const { message } = signer.sign(text, MIA)
      expect(read(message).filter(Boolean)).toEqual(read(text))
      expect(isSigned(message)).toBe(true)
      expect(message.split('\n')[0]).toBe(text.split('\n')[0])
    }
  })

  it('has a sequence that grows though the clock stands still, goes back, or another has signed since', () => {
    let now = 5_000
    const signer = createCommitSigner(KEY, () => now)
    const first = signer.sign('a', MIA)
    const second = signer.sign('b', MIA)
    now = 1
    const third = signer.sign('c', MIA)
    expect([first, second, third].map(({ sequence }) => sequence)).toEqual([5_000, 5_001, 5_002])
    const other = createCommitSigner(KEY, () => 1)
    other.verify(third.message, MIA)
    expect(other.sign('d', MIA).sequence).toBe(5_003)
  })
})
