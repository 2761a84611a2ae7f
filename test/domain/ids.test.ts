import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  childCompletionId,
  commandId,
  completionId,
  readCompletionId,
  readStampId,
  isWellFormedWantedId,
  readWantedId,
  stampId,
  wantedId,
} from '../../src/domain/ids.ts'

const pull = (id: number) => ({ kind: 'pull_request' as const, id })
const comment = { kind: 'issue_comment' as const, id: 7 }

describe('ids of the ledger', () => {
  test('have the protocol’s shape and one length, whatever caused them', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.string(), fc.string(), (host, id, wanted, rig) => {
        expect(wantedId(host, id)).toMatch(/^w-[0-9a-f]{10}$/)
        expect(completionId(host, pull(id), wanted, rig)).toMatch(/^c-[0-9a-f]{16}$/)
        expect(stampId(host, { kind: 'review', id }, wanted, rig)).toMatch(/^s-[0-9a-f]{16}$/)
      }),
    )
  })

  test('never change: a replay by a later version finds its own row', () => {
    expect(wantedId('github', 1)).toBe('w-87f6c9b08c')
    expect(completionId('github', pull(2), 'w-0123456789', 'bob')).toBe('c-effa11c9d8510862')
    expect(stampId('github', comment, 'c-0123456789abcdef', 'bob')).toBe('s-b0222b9d32f3e4d8')
  })

  test('differ when any part of the cause differs', () => {
    const ids = [
      completionId('github', pull(1), 'w-0123456789', 'bob'),
      completionId('ghe.example', pull(1), 'w-0123456789', 'bob'),
      completionId('github', pull(2), 'w-0123456789', 'bob'),
      completionId('github', pull(1), 'w-9876543210', 'bob'),
      completionId('github', pull(1), 'w-0123456789', 'alice'),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('of a co-author’s completion sort after that of who submitted, and never change', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.string(), (id, by, rig) => {
        const parent = completionId('github', pull(id), 'w-0123456789', by)
        const child = childCompletionId(parent, rig)
        expect(child).toMatch(/^c-[0-9a-f]{16}$/)
        expect(child > parent).toBe(true)
        expect(childCompletionId(parent, rig)).toBe(child)
      }),
    )
  })

  test('of a completion differ by what said that the work is done', () => {
    const said = completionId('github', { kind: 'issue_comment', id: 1 }, 'w-0123456789', 'bob')
    expect(said).not.toBe(completionId('github', { kind: 'review', id: 1 }, 'w-0123456789', 'bob'))
    expect(said).not.toBe(completionId('github', pull(1), 'w-0123456789', 'bob'))
  })

  test('of completions and stamps are read whole or not at all', () => {
    expect(readCompletionId(' C-0123456789ABCDEF ')).toBe('c-0123456789abcdef')
    expect(readStampId('s-0123456789abcdef')).toBe('s-0123456789abcdef')
    for (const text of ['c-0123456789abcde', 'c-0123456789abcdef0', 's-0123456789abcdeg', 'w-0123456789', ''])
      expect([readCompletionId(text), readStampId(text)]).toEqual([undefined, undefined])
  })

  test('do not run two parts into one', () => {
    const one = stampId('github', comment, 'c-1', '2')
    expect(stampId('github', comment, 'c-12', '')).not.toBe(one)
    expect(stampId('github', { kind: 'review', id: 7 }, 'c-1', '2')).not.toBe(one)
  })

  test('name a command by its comment, its line and which of equal lines it is', () => {
    const id = commandId('github', comment, 'stamp', '/wl stamp quality=4', 2)
    expect(id).toMatch(/^github\/issue_comment\/7\/stamp\/[0-9a-f]{12}\/2$/)
    expect(commandId('github', comment, 'stamp', '/wl stamp quality=5', 2)).not.toBe(id)
  })
})

describe('a wanted id that somebody wrote', () => {
  test.each([
    { name: 'ours', text: 'w-0123456789', id: 'w-0123456789' },
    { name: 'ours in capitals', text: 'W-ABCDEF0123', id: 'w-abcdef0123' },
    { name: 'with space around it', text: '  w-0123456789\t', id: 'w-0123456789' },
    { name: 'one of wl’s own', text: 'w-com-001', id: 'w-com-001' },
  ])('is read: $name', ({ text, id }) => {
    expect(readWantedId(text)).toBe(id)
  })

  test.each([
    { name: 'nothing', text: '' },
    { name: 'the prefix alone', text: 'w-' },
    { name: 'no prefix', text: '0123456789' },
    { name: 'a completion', text: 'c-0123456789abcdef' },
    { name: 'a space within', text: 'w-01234 56789' },
    { name: 'a line break within', text: 'w-01234\n56789' },
    { name: 'foreign digits', text: 'w-٠١٢٣٤٥٦٧٨٩' },
    { name: 'a quote', text: "w-0123'or'1" },
    { name: 'more than the column holds', text: `w-${'a'.repeat(63)}` },
  ])('is refused: $name', ({ text }) => {
    expect(readWantedId(text)).toBeUndefined()
  })

  test('fits its column and holds lower-case letters, digits and dashes, whatever was written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((text) => `w-${text}`),
        ),
        (text) => {
          const id = readWantedId(text)
          expect(id ?? 'w-x').toMatch(/^w-[0-9a-z-]{1,62}$/)
        },
      ),
    )
  })

  test('has our shape with exactly ten hex digits', () => {
    expect(isWellFormedWantedId('w-0123456789')).toBe(true)
    for (const id of ['w-012345678', 'w-01234567890', 'w-com-001', 'w-012345678g'])
      expect(isWellFormedWantedId(id)).toBe(false)
  })
})
