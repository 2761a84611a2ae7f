import { describe, expect, test } from 'vitest'
import { MESSAGE_WORD, TRANSITIONS } from '../../src/domain/wanted.ts'

describe('the lifecycle of a wanted item', () => {
  test('is the protocol’s table and our withdrawal and undo, each with the word that the peers use', () => {
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
    ])
  })

  test('lets nothing leave withdrawn, and completed by an undo alone', () => {
    const left = Object.values(TRANSITIONS).map(({ from }) => from)
    expect(left.filter((from) => from === 'completed')).toHaveLength(1)
    expect(left).not.toContain('withdrawn')
  })
})
