import { describe, expect, test } from 'vitest'
import { MESSAGE_WORD, TRANSITIONS } from '../../src/domain/wanted.ts'

describe('the lifecycle of a wanted item', () => {
  test('is the protocol’s table, our withdrawal, undo and open bounty, each with the word that the peers use', () => {
    const rows = Object.entries(TRANSITIONS).map(
      ([name, { from, to }]) => `${name}: ${from} → ${to}, wl ${MESSAGE_WORD[name as keyof typeof MESSAGE_WORD]}`,
    )
    expect(rows).toEqual([
      'claim: open → claimed, wl claim',
      'unclaim: claimed → open, wl unclaim',
      'done: claimed → in_review, wl done',
      'accept: in_review → completed, wl accept',
      'close: in_review → completed, wl close',
      'reject: in_review → claimed, wl reject',
      'delete: open → withdrawn, wl delete',
      'update: open → open, wl update',
      'withdraw: in_review → open, wl unclaim',
      'undo: completed → in_review, wl undo',
      'adopt: open → completed, wl accept',
      'reopen: completed → open, wl undo',
    ])
  })

  test('lets nothing leave withdrawn, and completed by an undo alone', () => {
    const left = Object.values(TRANSITIONS).map(({ from }) => from)
    const words = Object.entries(TRANSITIONS).flatMap(([name, { from }]) =>
      from === 'completed' ? [MESSAGE_WORD[name as keyof typeof MESSAGE_WORD]] : [],
    )
    expect(new Set(words)).toEqual(new Set(['undo']))
    expect(left).not.toContain('withdrawn')
  })
})
