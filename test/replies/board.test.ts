import { describe, expect, test } from 'vitest'
import { isIn, readIssueLink } from '../../src/domain/issue-link.ts'
import { board } from '../../src/replies/board.ts'

const item = (description: string) => ({
  id: 'w-0123456789',
  title: 'Count the loops',
  status: 'open' as const,
  postedBy: 'ada',
  claimedBy: null,
  description,
  type: null,
  priority: 2,
  tags: [],
  effort: 'small' as const,
  createdAt: null,
  updatedAt: null,
})

describe('the board', () => {
  test('links to the issue without writing into its history', () => {
    expect(board([item('https://github.com/ada/engine/issues/7 Text')], 1, undefined)).toContain(
      '- `w-0123456789` `Count the loops` · small · [ada/engine#7](https://redirect.github.com/ada/engine/issues/7)',
    )
  })

  test.each([
    ['text', 'Text https://github.com/ada/engine/issues/7'],
    ['another page', 'https://github.com/ada/engine/pull/7'],
    ['what breaks out of the link', 'https://github.com/ada/engine)[x](//e/issues/7'],
    ['a number that goes on', 'https://github.com/ada/engine/issues/7x'],
    ['a script', 'javascript:alert(1)/ada/engine/issues/7'],
  ])('does not link to %s', (_, description) => {
    expect(board([item(description)], 1, undefined)).not.toContain('](')
  })
})

describe('the link of an issue', () => {
  test.each([
    ['github', 'Ada/Engine', true],
    ['ghe.example', 'ada/engine', false],
    ['github', 'ada/other', false],
  ])('is of %s and %s: %s', (host, repository, expected) => {
    expect(isIn(readIssueLink('https://github.com/ada/engine/issues/7'), host, repository)).toBe(expected)
  })
})
