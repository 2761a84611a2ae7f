import { describe, expect, it } from 'vitest'
import { readReverted } from '../../src/domain/reverts.ts'

const sha = 'a'.repeat(40)
const none = { pulls: [], commits: [] }
const read = (title: string, text = '') => readReverted({ title, text }, 'octo/app')

describe('what a revert names', () => {
  it.each([
    ['GitHub’s link', 'Revert "x"', 'Reverts octo/app#12', { pulls: [12], commits: [] }],
    ['a short link', 'x', 'Reverts #12\n\nIt broke the build.', { pulls: [12], commits: [] }],
    ['git’s trailer', 'Revert "x"', `This reverts commit ${sha}.`, { pulls: [], commits: [sha] }],
    ['the title of a squashed one', 'Revert "Count (#7) them (#12)"', '', { pulls: [12], commits: [] }],
    ['link before title', 'Revert "x (#11)"', 'Reverts octo/app#12', { pulls: [12], commits: [] }],
    ['several', 'x', `Reverts #1\nReverts #2\nThis reverts commit ${sha}`, { pulls: [1, 2], commits: [sha] }],
  ])('by %s', (_name, title, text, reverted) => {
    expect(read(title, text)).toEqual(reverted)
  })

  it.each([
    ['another repository', 'x', 'Reverts octo/other#12'],
    ['words in a sentence', 'x', 'This Reverts #12 in part'],
    ['a quoted link', 'x', '> Reverts #12'],
    ['a title without a number', 'Revert "Count the loops"', ''],
    ['the title of a revert’s revert', 'Revert "Revert "Count (#12)""', ''],
    ['a short SHA', 'x', 'This reverts commit abcdef1.'],
  ])('is nothing for %s', (_name, title, text) => {
    expect(read(title, text)).toEqual(none)
  })
})
